/*
 * SET_MEM_TABLE: guest RAM, a region and a file descriptor each.
 *
 * It comes at every start, and also while the guest runs (memory that is
 * plugged in; firmware that remaps). A table that can't be had whole is not
 * taken at all: the old one stays in force.
 */
#include <inttypes.h>
#include <unistd.h>

#include "device.h"
#include "messages.h"
#include "trace.h"

static const char *add_region(struct guestmem *mem, struct message *m,
			      unsigned i)
{
	struct region region = {
		.gpa = m->table.regions[i].gpa,
		.size = m->table.regions[i].size,
		.uva = m->table.regions[i].uva,
	};
	int fd = message_fd(m);
	const char *why = guestmem_add(mem, &region, m->table.regions[i].offset,
				       fd);

	close(fd);
	return why;
}

static const char *table_fault(const struct message *m)
{
	uint32_t count = m->table.count;

	if (!count || count > GUESTMEM_MAX_REGIONS)
		return "takes 1 to 8 regions";
	if (m->size != offsetof(struct mem_table, regions) +
			       count * sizeof(m->table.regions[0]))
		return "message of the wrong size";
	if (m->fd_count != count)
		return "takes a file descriptor for each region";
	return NULL;
}

static enum verdict set_mem_table(struct device *dev, struct message *m)
{
	struct guestmem mem = { 0 };

	dev->link.fault = table_fault(m);
	for (unsigned i = 0; !dev->link.fault && i < m->table.count; i++)
		dev->link.fault = add_region(&mem, m, i);
	if (dev->link.fault) {
		guestmem_clear(&mem);
		return MESSAGE_BROKEN;
	}
	device_set_memory(dev, &mem);
	return MESSAGE_OK;
}

static void describe(const struct device *dev, const struct message *m,
		     struct text *fields)
{
	uint32_t count = m->table.count;

	(void)dev;
	text_add(fields, " regions=%u", count);
	for (unsigned i = 0; i < count && i < GUESTMEM_MAX_REGIONS; i++)
		text_add(fields, " %#" PRIx64 "+%#" PRIx64,
			 m->table.regions[i].gpa, m->table.regions[i].size);
}

const struct message_row memtable_messages[] = {
	{ VHOST_USER_SET_MEM_TABLE, "SET_MEM_TABLE",
	  offsetof(struct mem_table, regions), GUESTMEM_MAX_REGIONS,
	  MESSAGE_LONGER, set_mem_table, describe },
	{ 0 }
};
