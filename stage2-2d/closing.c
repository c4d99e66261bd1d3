/*
 * The end, as the user wants it.
 */
#include "closing.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "server.h"
#include "uplink.h"

static const char *set_close_fd(void *arg, const char *value)
{
	struct closing *closing = arg;
	unsigned long fd;
	int flags;

	if (parse_number(value, 0, 65535, &fd)) {
		flags = fcntl((int)fd, F_GETFL);
		if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) {
			closing->fd = (int)fd;
			return NULL;
		}
	}
	return "takes the number of a file descriptor to write to";
}

static const struct option_row closing_options[] = {
	{ "close-fd", "N", "write \"closed\" there when a window is closed",
	  set_close_fd },
	{ 0 }
};

void closing_init(struct closing *closing, struct server *server,
		  struct uplink *uplink, struct options *options)
{
	*closing = (struct closing){
		.server = server,
		.uplink = uplink,
		.fd = -1,
	};
	options_add(options, closing_options, closing);
}

/* ---- on the device's thread ---- */

static void finish(void *arg, const struct uplink_event *event)
{
	struct closing *closing = arg;

	(void)event;
	server_finish(closing->server);
}

/* ---- on the main thread ---- */

static void tell(struct closing *closing)
{
	static const char line[] = "closed\n";

	if (write(closing->fd, line, strlen(line)) < 0)
		warn("--close-fd=%d:", closing->fd);
	close(closing->fd);
}

void closing_begin(struct closing *closing)
{
	if (closing->begun)
		return;
	closing->begun = true;
	if (closing->fd >= 0)
		tell(closing);
	else
		warn("closed: it ends once its connections have");
	uplink_send(closing->uplink,
		    &(struct uplink_event){ .handle = finish, .arg = closing });
}
