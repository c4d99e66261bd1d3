/*
 * Listens, accepts, and ends.
 */
#define _GNU_SOURCE
#include "server.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "device.h"
#include "log.h"
#include "loop.h"
#include "options.h"
#include "trace.h"

/* ---- options ---- */

static const char *set_path(void *arg, const char *value)
{
	struct port *port = arg;
	struct sockaddr_un addr;

	if (!*value || strlen(value) >= sizeof(addr.sun_path))
		return "takes a path of 1 to 107 bytes";
	port->path = value;
	return NULL;
}

static const char *set_fd(void *arg, const char *value)
{
	struct port *port = arg;
	unsigned long fd;
	struct sockaddr peer;
	socklen_t len = sizeof(peer);

	if (!parse_number(value, 0, 65535, &fd) ||
	    getpeername((int)fd, &peer, &len) < 0)
		return "takes the number of a connected socket it was given";
	port->connected = (int)fd;
	return NULL;
}

static const char *set_once(void *arg, const char *value)
{
	struct server *server = arg;

	(void)value;
	server->once = true;
	return NULL;
}

static const char *print_capabilities(void *arg, const char *value)
{
	const struct server *server = arg;

	(void)value;
	puts(server->capabilities);
	exit(0);
}

static const struct option_row server_options[] = {
	{ "once", NULL, "end when the first connection ends", set_once },
	{ "print-capabilities", NULL, "print what libvirt asks for and exit",
	  print_capabilities },
	{ 0 }
};

void server_init(struct server *server, struct loop *loop,
		 const char *capabilities, struct options *options)
{
	*server = (struct server){
		.loop = loop,
		.capabilities = capabilities,
		.signals = -1,
	};
	options_add(options, server_options, server);
}

static struct port *add_port(struct server *server, struct device *dev)
{
	struct port *port = &server->ports[server->count++];

	assert(server->count <= SERVER_MAX_PORTS);
	*port = (struct port){
		.server = server,
		.dev = dev,
		.listener = -1,
		.connected = -1,
	};
	return port;
}

void server_add(struct server *server, struct device *dev,
		struct options *options)
{
	struct port *port = add_port(server, dev);

	port->rows[0] = (struct option_row){ "socket-path", "PATH",
					     "wait for the front end here",
					     set_path };
	port->rows[1] = (struct option_row){ "fd", "N",
					     "or serve the connected socket N",
					     set_fd };
	options_add(options, port->rows, port);
}

const struct port *server_add_port(struct server *server, struct device *dev,
				   const char *name, const char *help,
				   struct options *options)
{
	struct port *port = add_port(server, dev);

	port->rows[0] = (struct option_row){ name, "PATH", help, set_path };
	options_add(options, port->rows, port);
	return port;
}

/* ---- connections ---- */

/* One at a time; the next one waits in the listener's backlog. */
static void accept_front_end(void *arg)
{
	struct port *port = arg;
	int sock = accept4(port->listener, NULL, NULL,
			   SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (sock < 0) {
		if (errno != EAGAIN && errno != ECONNABORTED)
			warn("%s: accept:", port->path);
		return;
	}
	loop_unwatch(port->server->loop, port->listener);
	port->busy = true;
	vhostuser_serve(port->dev, sock);
}

static bool any_busy(const struct server *server)
{
	for (unsigned i = 0; i < server->count; i++)
		if (server->ports[i].busy)
			return true;
	return false;
}

static void hung_up(void *arg)
{
	struct port *port = arg;
	struct server *server = port->server;

	port->busy = false;
	if (server->once || port->listener < 0 ||
	    (server->finishing && !any_busy(server)))
		loop_stop(server->loop);
	else if (!server->finishing)
		loop_watch(server->loop, port->listener, POLLIN,
			   accept_front_end, port);
}

void server_finish(struct server *server)
{
	server->finishing = true;
	for (unsigned i = 0; i < server->count; i++)
		if (server->ports[i].listener >= 0)
			loop_unwatch(server->loop, server->ports[i].listener);
	if (!any_busy(server))
		loop_stop(server->loop);
}

/*
 * A socket left behind by a program that died refuses connections. One that
 * listens is of another type than ours here, and never hears of us: a program
 * with --once would take us for its front end.
 */
static bool is_stale(const struct sockaddr_un *addr)
{
	int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool refused;

	if (sock < 0)
		return false;
	refused = connect(sock, (const void *)addr, sizeof(*addr)) < 0 &&
		  errno == ECONNREFUSED;
	close(sock);
	return refused;
}

static const char *claim_path(const struct sockaddr_un *addr)
{
	struct stat st;

	if (lstat(addr->sun_path, &st) < 0)
		return NULL;
	if (!S_ISSOCK(st.st_mode))
		return "is there and is no socket";
	if (!is_stale(addr))
		return "another program listens there";
	unlink(addr->sun_path);
	return NULL;
}

/* NULL, or why not. */
static const char *make_listener(const struct port *port, int *sock)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *why;

	strncpy(addr.sun_path, port->path, sizeof(addr.sun_path) - 1);
	why = claim_path(&addr);
	if (why)
		return why;
	*sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*sock < 0 ||
	    bind(*sock, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    listen(*sock, 8) < 0)
		return strerror(errno);
	return NULL;
}

static void unlink_paths(const struct server *server)
{
	for (unsigned i = 0; i < server->count; i++)
		if (server->ports[i].listener >= 0)
			unlink(server->ports[i].path);
}

static void listen_at(struct port *port)
{
	int sock;
	const char *why = make_listener(port, &sock);

	if (why) {
		/* What was made for the ports before. */
		unlink_paths(port->server);
		die("--%s=%s: %s", port->rows[0].name, port->path, why);
	}
	port->listener = sock;
	loop_watch(port->server->loop, port->listener, POLLIN, accept_front_end,
		   port);
}

static void open_port(struct port *port)
{
	port->dev->hung_up = hung_up;
	port->dev->hung_up_arg = port;
	if (port->path) {
		listen_at(port);
	} else if (port->connected >= 0) {
		port->busy = true;
		vhostuser_serve(port->dev, port->connected);
	}
}

/* "--socket-path=PATH, --fd=N, ..." */
static const char *all_rows(const struct server *server, struct text *names)
{
	for (unsigned i = 0; i < server->count; i++)
		for (const struct option_row *row = server->ports[i].rows;
		     row->name; row++)
			text_add(names, "%s--%s=%s", names->len ? ", " : "",
				 row->name, row->value);
	return names->bytes;
}

static void check_paths(const struct port *port, const struct port *end)
{
	for (const struct port *other = port + 1; other < end; other++)
		if (port->path && other->path &&
		    !strcmp(port->path, other->path))
			options_wrong("--%s and --%s take a path each, not the "
				      "same one",
				      port->rows[0].name, other->rows[0].name);
}

static void check_ports(const struct server *server)
{
	struct text names = { .len = 0 };
	bool any = false;

	for (unsigned i = 0; i < server->count; i++) {
		const struct port *port = &server->ports[i];

		if (port->path && port->connected >= 0)
			options_wrong("--socket-path and --fd are for the same "
				      "device, it takes one of them");
		check_paths(port, server->ports + server->count);
		any |= port->path || port->connected >= 0;
	}
	if (!any)
		options_wrong("one of %s is needed", all_rows(server, &names));
}

static void close_port(struct port *port)
{
	port->dev->hung_up = NULL;
	vhostuser_hang_up(port->dev);
	if (port->listener < 0)
		return;
	close(port->listener);
	unlink(port->path);
}

/* ---- the program ---- */

static void signalled(void *arg)
{
	struct server *server = arg;
	struct signalfd_siginfo info;

	if (read(server->signals, &info, sizeof(info)) == sizeof(info))
		loop_stop(server->loop);
}

/* SIGPIPE: a front end may close any fd it gave us, whenever it likes. */
static void take_signals(struct server *server)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	server->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (server->signals < 0)
		die("signalfd:");
	loop_watch(server->loop, server->signals, POLLIN, signalled, server);
}

void server_open(struct server *server)
{
	check_ports(server);
	take_signals(server);
	for (unsigned i = 0; i < server->count; i++)
		open_port(&server->ports[i]);
}

void server_close(struct server *server)
{
	for (unsigned i = 0; i < server->count; i++)
		close_port(&server->ports[i]);
	loop_unwatch(server->loop, server->signals);
	close(server->signals);
}

int server_run(struct server *server)
{
	loop_run(server->loop);
	server_close(server);
	return 0;
}

int serve(struct server *server)
{
	server_open(server);
	return server_run(server);
}
