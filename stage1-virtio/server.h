/*
 * The program around the devices: sockets to listen on, signals, the end.
 *
 * As QEMU's conventions for back-end programs ask (docs/interop/vhost-user.rst,
 * "Backend program conventions"): it stays in the foreground, serves the socket
 * it is told to, ends with status 0 on SIGTERM, and says what it can do with
 * --print-capabilities. Beyond them it serves one connection after another.
 */
#ifndef SERVER_H
#define SERVER_H

#include <stdbool.h>

#include "options.h"

struct device;
struct loop;

enum { SERVER_MAX_PORTS = 8 };

/* Where a device waits for its front end: a path, or a connected socket. */
struct port {
	struct server *server;
	struct device *dev;
	struct option_row rows[3]; /* the first one is for the path */
	const char *path;	   /* NULL: not asked for */
	int listener;		   /* -1: none */
	int connected;		   /* --fd=N; -1: none */
	bool busy;		   /* serves a front end */
};

struct server {
	struct loop *loop;
	const char *capabilities; /* JSON, see --print-capabilities */
	bool once;
	bool finishing; /* takes no front end any more */
	int signals;
	struct port ports[SERVER_MAX_PORTS];
	unsigned count;
};

/* Adds the options every program has, but for those of ports. */
void server_init(struct server *server, struct loop *loop,
		 const char *capabilities, struct options *options);

/* The main device's port: --socket-path=PATH and --fd=N. */
void server_add(struct server *server, struct device *dev,
		struct options *options);

/* One more device's, if the user asks for it: --NAME=PATH. It is the server's. */
const struct port *server_add_port(struct server *server, struct device *dev,
				   const char *name, const char *help,
				   struct options *options);

/*
 * Opens the ports, serves until SIGTERM, SIGINT, or with --once the end of the
 * first connection, and cleans up. Returns the program's exit status.
 */
int serve(struct server *server);

/*
 * The same in two steps, for a program with more threads than one: the first
 * blocks the signals for all threads that are made behind it, and ends the
 * program if a port can't be opened; the second may run on any thread.
 */
void server_open(struct server *server);
int server_run(struct server *server);
/* Instead of the second step, if the program can't go on: cleans up. */
void server_close(struct server *server);

/*
 * In a callback of the loop: end once the connections there are have ended. New
 * ones are not taken.
 */
void server_finish(struct server *server);

#endif
