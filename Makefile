# A virtio-gpu device in five stages. `make help` lists what can be asked for.
#
# The object lists below are the only place that knows what a stage consists of:
# stage N links the objects of the stages before it unchanged, adds its own, and
# sees no header of a later one.

STAGES  = 1 2
NEWEST  = $(lastword $(STAGES))
VERSION = 0.1

# SAN=1 builds beside the plain objects, with the sanitizers in. O=DIR builds
# somewhere else, CC=clang with another compiler, WERROR= with mere warnings.
O        = $(if $(SAN),build/san,build)
CC       = gcc
CFLAGS   = -O2 -g
WERROR   = -Werror
WARNINGS = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wvla $(WERROR)
SANITIZE = $(if $(SAN),-fsanitize=address -fsanitize=undefined \
	   -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMPILE  = $(CC) -std=gnu11 $(CFLAGS) $(WARNINGS) -MMD -MP

# ---- what the stages are made of ----

FOLDER1 = stage1-virtio
STAGE1  = log options loop server trace \
	  guestmem chain notify virtq split packed \
	  device vhostuser negotiate configspace memtable ringsetup channel \
	  gpu fences responses gpuconfig gpusocket displayinfo
PARTS1  = $(STAGE1:%=$O/$(FOLDER1)/%.o)

FOLDER2 = stage2-2d
STAGE2  = checked format resource image backing transfer scanout \
	  monitors timing edid displayid \
	  display mailbox layers uplink pngfile pngdisplay \
	  qemusocket qemumonitors qemudisplay \
	  viewport sdlpainter window windowsize windowtitle windowkeys \
	  windows resize closing screenshot
PARTS2  = $(PARTS1) $(STAGE2:%=$O/$(FOLDER2)/%.o)

# What a stage uses that isn't ours, as pkg-config names it.
USES2   = sdl2 libpng
LIBS2   = $$(pkg-config --libs $(USES2)) -pthread

PROGRAMS = $(STAGES:%=$O/stage%)
all: $(PROGRAMS)

$O/stage1: $O/$(FOLDER1)/main.o $(PARTS1)
$O/stage2: $O/$(FOLDER2)/main.o $(PARTS2)

$(PROGRAMS):
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS$(@:$O/stage%=%))

# Stage N is compiled with the folders of stages 1 to N to include from.
define compile_stage
$O/$$(FOLDER$1)/%.o: $$(FOLDER$1)/%.c | packages-build
	@mkdir -p $$(@D)
	@echo "  CC  $$@"
	@$$(COMPILE) $$(SANITIZE) -DVERSION='"$$(VERSION)"' \
		$(USES$1:%=$$$$(pkg-config --cflags %)) $$(addprefix -I,$(foreach s,$(filter-out $2,$(STAGES)),$$(FOLDER$s))) \
		-c -o $$@ $$<
endef
$(eval $(call compile_stage,1,2 3 4 5))
$(eval $(call compile_stage,2,3 4 5))

# ---- the harness and its suites ----

# It is the device that is watched by sanitizers, not its watchers.
T       = $(if $(SAN),build,$O)/tests
HARNESS = $(patsubst tests/%.c,$T/%.o,$(wildcard tests/harness/*.c))
SUITES  = $(STAGES:%=$T/suite%)
suites: $(SUITES) $T/suite-late

$T/suite1: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/stage1/*.c)) $(HARNESS)
$T/suite2: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/stage2/*.c)) $(HARNESS)

$T/roundtrips: $T/bench/roundtrips.o $(HARNESS)

$(SUITES) $T/suite-late $T/roundtrips:
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -o $@ $^ $$(pkg-config --libs check) -pthread

$T/%.o: tests/%.c | packages-build packages-check
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $$(pkg-config --cflags check) -Itests/harness -c -o $@ $<

-include $(wildcard $O/*.d $O/stage*/*.d $T/*/*.d)

# Stage 1 with commands that take their time: what no stage 1 command needs and
# later stages rest on is tested through it.
$O/late: $O/late_device.o $(PARTS1)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^
$O/late_device.o: tests/late/late_device.c | packages-build
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $(SANITIZE) -I$(FOLDER1) -Itests/late -c -o $@ $<
$T/suite-late: $(addprefix $T/late/,late_test.o forgotten_test.o changes_test.o \
	       late_driver.o main.o) $(HARNESS)

# Windows on an X server without a screen.
WINDOW = $(patsubst tests/%.c,$T/%.o,$(wildcard tests/window/*.c))
$T/suite-window: $(WINDOW) $(HARNESS)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -o $@ $^ $$(pkg-config --libs check x11 xtst libpng) \
		-pthread

# ---- running ----

guest: packages-run
	@tests/guest/build.sh

# STAGE= DEMO= OUTPUTS= RESOLUTION= OVERLAY= GUEST= DEVICE=
run: all guest
	@tests/qemu/run.py --stage="$(or $(STAGE),$(NEWEST))" --demo="$(DEMO)" \
		--outputs="$(OUTPUTS)" --resolution="$(RESOLUTION)" \
		--overlay="$(OVERLAY)" --guest="$(GUEST)" --device="$(DEVICE)"

# ---- checking ----

# What the suites of stage $1 run on: DEVICE, or its own program. A command with
# {} in it is somebody else's: it is asked for no more than the specification
# and safety, and what it is known to do otherwise is in a list.
device     = $(or $(DEVICE),$O/stage$1)
foreign    = $(findstring {},$(DEVICE))
deviations = $(wildcard tests/deviations/$(notdir $(firstword $(DEVICE))))
suite      = $T/suite$1 --device="$2" \
	     $(if $(foreign),--portable $(deviations:%=--deviations=%))

# How much of the axes' product: default, pairs, all, or one by its name.
AXES    ?= pairs
SANAXES ?= $(if $(SAN),$(AXES),default)

CHECKS1 = suite1 suite1-san late late-san e2e1
CHECKS  = compilers format-check audit rows docs-check selfcheck \
	  mistakes-sample $(CHECKS1)

check:
ifdef DEVICE
	@tests/check.sh $(STAGES:%=suite%)
else ifdef SAN
	@tests/check.sh $(STAGES:%=suite%-san) late-san
else
	@tests/check.sh $(CHECKS)
endif

check1:
	@tests/check.sh $(CHECKS1)

# Everything in full.
check-all:
	@AXES=all SANAXES=pairs RUNS=20 tests/check.sh $(CHECKS) \
		check-mistakes foreign

# QEMU's own program, as if it were ours.
foreign: suites packages-run
	@$(MAKE) --no-print-directory $(STAGES:%=suite%) \
		DEVICE='/usr/lib/qemu/vhost-user-gpu -s {}'

check-fresh:
	@tests/fresh.sh $(RELEASE)

$(STAGES:%=suite%): suite%: all suites
	@$(call suite,$*,$(call device,$*)) --axes=$(AXES) $(TESTS)

$(STAGES:%=suite%-san): suite%-san: suites
	@$(MAKE) --no-print-directory all SAN=1
	@$(call suite,$*,build/san/stage$*) --axes=$(SANAXES) $(TESTS)

e2e: $(STAGES:%=e2e%)
$(STAGES:%=e2e%): e2e%: all guest
	@tests/qemu/e2e.py --device="$(call device,$*)" $(or $(TESTS),stage$*_)

window: $O/stage2 $T/suite-window
	@$T/suite-window --device=$(CURDIR)/$O/stage2 $(TESTS)

late: $O/late $T/suite-late
	@$T/suite-late --device=$O/late --axes=$(AXES) $(TESTS)
late-san: $T/suite-late
	@$(MAKE) --no-print-directory build/san/late SAN=1
	@$T/suite-late --device=build/san/late --axes=$(SANAXES) $(TESTS)

# RUNS=20 shows that none is noticed by luck.
check-mistakes: all suites
	@tests/mistakes.py --runs=$(or $(RUNS),1) $(MISTAKES)
mistakes-sample: all suites
	@tests/mistakes.py --sample=6

selfcheck: all suites
	@tests/harness/selfcheck.py $T/suite1 $O/stage1

# Each compiler builds everything, and has nothing to say.
compilers:
	@$(MAKE) --no-print-directory all suites CC=gcc O=build/gcc
	@$(MAKE) --no-print-directory all suites CC=clang O=build/clang

audit: all
	@tests/audit.py $(foreach s,$(STAGES),$s=$(FOLDER$s):$(subst $() \
		,$(comma),$(strip $(PARTS$s))))
comma = ,

rows: suites
	@tests/rows.py $(SUITES) $T/suite-late

docs-check: all suites guest
	@tests/docs_check.py

# One version decides, since each formats a little differently.
FORMAT  = clang-format
FORMATS = $(shell $(FORMAT) --version 2>/dev/null | grep -o 'version 14')
C_FILES = $(shell git ls-files '*.c' '*.h')
format-check: packages-check
	@$(if $(FORMATS),$(FORMAT) --dry-run -Werror $(C_FILES),echo \
		"format-check: not done, it takes clang-format 14")
format: packages-check
	@$(FORMAT) -i $(C_FILES)

# A table, and no verdict: machines differ, and so do their moods.
bench: all $T/roundtrips
	@$T/roundtrips "$(call device,$(NEWEST))"

# ---- the rest ----

# Asked once for each run of make; silent when everything is there.
packages-build packages-check packages-run:
	@tests/packages.sh $(@:packages-%=%)

help:
	@sed -n 's/^#: \?//p' Makefile

clean:
	rm -rf build

.PHONY: all suites guest run check check1 check-all check-fresh check-mistakes \
	mistakes-sample selfcheck \
	foreign late late-san e2e compilers audit rows docs-check bench format format-check help clean \
	packages-build packages-check packages-run

#: make                     build the stages: build/stage1 ...
#: make run                 boot a guest on the newest stage, default demo
#: make check               prove it, in at most ten minutes
#:
#: make run STAGE=1 DEMO=modetest     one stage, one demo
#:          OUTPUTS=2 RESOLUTION=1920x1080     what the guest sees
#:          OVERLAY=dir      lay a directory over the guest's root
#:          DEVICE='program {}'     another program, {} is its socket
#:          DEMO=shell       type commands for the guest
#:
#: make check1              the parts that belong to stage 1
#: make suite1 TESTS=fence AXES=all     some tests, on all axes
#: make e2e1 TESTS=reboot   some tests with QEMU and a real guest (make e2e: all)
#: make check SAN=1         the suites, with sanitizers in the device
#: make check DEVICE='/usr/lib/qemu/vhost-user-gpu -s {}'
#:                          the suites, on somebody else's device
#: make check-mistakes RUNS=20     do the tests notice typical mistakes?
#: make check-all           everything in full: takes long
#: make check-fresh RELEASE=bookworm|trixie|sid
#:                          the two README commands on a pristine Debian
#:
#: make bench               how fast the device answers: a table
#: make rows                which rows of the checklist have no test
#: make audit               the rules of the code that no compiler checks
#: make docs-check          what the documents say, against the code
#: make format, format-check     clang-format
#: make guest               build the guest's image
#: make clean               remove build/, the guest's image included
