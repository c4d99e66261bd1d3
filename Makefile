# A virtio-gpu device in five stages. `make help` lists what can be asked for.
#
# The object lists below are the only place that knows what a stage consists of:
# stage N links the objects of the stages before it unchanged, adds its own, and
# sees no header of a later one.

STAGES  = 1
NEWEST  = $(lastword $(STAGES))
VERSION = 0.1

# SAN=1 builds beside the plain objects, with the sanitizers in.
O        = $(if $(SAN),build/san,build)
CC       = gcc
CFLAGS   = -O2 -g
WERROR   = -Werror
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wvla $(WERROR)
SANITIZE = $(if $(SAN),-fsanitize=address$(comma)undefined \
	   -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMPILE  = $(CC) -std=gnu11 $(CFLAGS) $(WARNINGS) $(SANITIZE) -MMD -MP \
	   -DVERSION='"$(VERSION)"'
comma    = ,

# ---- what the stages are made of ----

STAGE1 = $(addprefix $O/stage1-virtio/, \
	 log.o options.o loop.o server.o trace.o \
	 guestmem.o chain.o notify.o virtq.o split.o packed.o \
	 device.o vhostuser.o negotiate.o configspace.o memtable.o \
	 ringsetup.o channel.o \
	 gpu.o fences.o responses.o gpuconfig.o gpusocket.o displayinfo.o)

stage1_includes = -Istage1-virtio

PROGRAMS = $(STAGES:%=$O/stage%)

all: $(PROGRAMS)

$O/stage1: $O/stage1-virtio/main.o $(STAGE1)
$O/stage1-virtio/%.o: stage1-virtio/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(stage1_includes) -c -o $@ $<

$(PROGRAMS):
	$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS)

# ---- the harness and its suites ----

HARNESS   = $(patsubst tests/harness/%.c,build/tests/harness/%.o, \
	    $(wildcard tests/harness/*.c))
SUITES    = $(STAGES:%=build/tests/suite%)
suite_objects = $(patsubst tests/%.c,build/tests/%.o, \
	    $(wildcard tests/stage$1/*.c))

suites: $(SUITES)

build/tests/suite1: $(call suite_objects,1)
build/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE) -Itests/harness -c -o $@ $<

$(SUITES): $(HARNESS)
	$(CC) $(CFLAGS) -o $@ $^ $(shell pkg-config --libs check) -pthread

# ---- packages ----

# Asked once for each run of make; silent when everything is there.
.PHONY: packages-build packages-check packages-run
packages-build packages-check packages-run:
	@tests/packages.sh $(@:packages-%=%)

OBJECTS = $(STAGE1) $(STAGES:%=$O/stage1-virtio/main.o)
SUITE_OBJECTS = $(HARNESS) $(foreach s,$(STAGES),$(call suite_objects,$s))

$(OBJECTS): | packages-build
$(SUITE_OBJECTS): | packages-build packages-check
