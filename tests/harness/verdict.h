/*
 * What the user sees of a run: TAP, made from what `check` prints.
 *
 * Names become suite:group:test[axes], skipped tests say so, the trail is shown
 * of failing tests only, and the run ends with a count. A list of known
 * deviations turns failures of another device into "# TODO", and the success
 * of a listed test into a failure: the list has to shrink.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>

/*
 * Lines of "name<TAB>reason", '#' comments. A name without axes means all of
 * them, a '*' in it any characters. Where a '*' stands in the axes, a test may
 * fail, and may as well not. False: can't be read.
 */
bool verdict_read_deviations(const char *path);

/*
 * Reads the stream of a runner until its end and prints the report. Returns the
 * number of failures, a runner that broke off included.
 */
unsigned verdict_report(int stream, bool verbose);

#endif
