/*
 * What it means that the user closes the windows.
 *
 * The program ends once its connections have, and takes no new ones: QEMU must
 * not lose its device under a running guest. Who started both may ask to be told
 * (--close-fd), and end QEMU.
 *
 *   --close-fd=N   a file descriptor the program was given to write to, a pipe
 *                  most likely. When the user closes a window, the line
 *                  "closed\n" is written there and N is closed. If the program
 *                  ends in another way, N is closed with nothing written.
 */
#ifndef CLOSING_H
#define CLOSING_H

#include <stdbool.h>

struct options;
struct server;
struct uplink;

struct closing {
	struct server *server;
	struct uplink *uplink;
	int fd;	    /* -1: nobody wants to know */
	bool begun; /* the main thread's */
};

/* Adds --close-fd. */
void closing_init(struct closing *closing, struct server *server,
		  struct uplink *uplink, struct options *options);

/* On the main thread; what follows the first time changes nothing. */
void closing_begin(struct closing *closing);

#endif
