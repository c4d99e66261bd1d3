# A virtio-gpu device in five stages. `make help` lists what can be asked for.
#
# The object lists below are the only place that knows what a stage consists of:
# stage N links the objects of the stages before it unchanged, adds its own, and
# sees no header of a later one.

STAGES  = 1 2 3 4
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
	  display frame mailbox layers uplink pngfile pngdisplay \
	  qemusocket qemumonitors qemudisplay \
	  viewport sdlpainter window windowsize windowtitle windowkeys \
	  windows resize closing screenshot
PARTS2  = $(PARTS1) $(STAGE2:%=$O/$(FOLDER2)/%.o)

FOLDER3 = stage3-cursor
STAGE3  = cursor cursoroverlay cursorfiles windowpointer qemucursor
PARTS3  = $(PARTS2) $(STAGE3:%=$O/$(FOLDER3)/%.o)

FOLDER4 = stage4-input
STAGE4  = eventframe eventq heldkeys inputconfig input keytable inputmodels seat \
	  scriptlines scriptwords scriptverbs inputscript \
	  windowgrab windowinput windowleds
PARTS4  = $(PARTS3) $(STAGE4:%=$O/$(FOLDER4)/%.o)

# What a stage uses that isn't ours, as pkg-config names it.
USES2   = sdl2 libpng
LIBS2   = $$(pkg-config --libs $(USES2)) -pthread
USES3   = $(USES2)
LIBS3   = $(LIBS2)
USES4   = $(USES3)
LIBS4   = $(LIBS3)

PROGRAMS = $(STAGES:%=$O/stage%)
all: $(PROGRAMS)

$O/stage1: $O/$(FOLDER1)/main.o $(PARTS1)
$O/stage2: $O/$(FOLDER2)/main.o $(PARTS2)
$O/stage3: $O/$(FOLDER3)/main.o $(PARTS3)
$O/stage4: $O/$(FOLDER4)/main.o $(PARTS4)

$(PROGRAMS):
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS$(@:$O/stage%=%))

# Stage N is compiled with the folders of stages 1 to N to include from. Newer
# SDLs define _GNU_SOURCE for their users, which is a file's own business.
define compile_stage
$O/$$(FOLDER$1)/%.o: $$(FOLDER$1)/%.c | packages-build
	@mkdir -p $$(@D)
	@echo "  CC  $$@"
	@$$(COMPILE) $$(SANITIZE) -DVERSION='"$$(VERSION)"' \
		$(USES$1:%=$$$$(pkg-config --cflags %)) -U_GNU_SOURCE $$(addprefix -I,$(foreach s,$(filter-out $2,$(STAGES)),$$(FOLDER$s))) \
		-c -o $$@ $$<
endef
$(eval $(call compile_stage,1,2 3 4 5))
$(eval $(call compile_stage,2,3 4 5))
$(eval $(call compile_stage,3,4 5))
$(eval $(call compile_stage,4,5))

# ---- the harness and its suites ----

# It is the device that is watched by sanitizers, not its watchers.
T       = $(if $(SAN),build,$O)/tests
HARNESS = $(patsubst tests/%.c,$T/%.o,$(wildcard tests/harness/*.c))
SUITES  = $(STAGES:%=$T/suite%)
suites: $(SUITES) $T/suite-late $T/suite-hasty

$T/suite1: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/stage1/*.c)) $(HARNESS)
$T/suite2: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/stage2/*.c)) $(HARNESS)
$T/suite3: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/stage3/*.c)) $(HARNESS)
$T/suite4: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/stage4/*.c)) $(HARNESS)

$T/bench/bench: $(patsubst tests/%.c,$T/%.o,$(wildcard tests/bench/*.c)) $(HARNESS)

$(SUITES) $T/suite-late $T/suite-hasty $T/bench/bench:
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -o $@ $^ $$(pkg-config --libs check libpng) -pthread

$T/%.o: tests/%.c | packages-build packages-check
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $$(pkg-config --cflags check libpng) -Itests/harness -c -o $@ $<

-include $(wildcard $O/*.d $O/stage*/*.d $O/units2/*.d $O/units3/*.d $O/units4/*.d $T/*/*.d)

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
	       answers_test.o late_driver.o main.o) $(HARNESS)

# Stage 4's devices under a hand that waits for nobody: what becomes of more than
# a driver can take is tested through it.
$O/hasty: $O/hasty_device.o $(PARTS4)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS4)
$O/hasty_device.o: tests/hasty/hasty_device.c | packages-build
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $(SANITIZE) $$(pkg-config --cflags $(USES4)) -U_GNU_SOURCE \
		$(addprefix -I,$(FOLDER1) $(FOLDER4)) -c -o $@ $<
$T/suite-hasty: $(addprefix $T/hasty/,starved_test.o convergence_test.o \
		paused_test.o hasty.o main.o) $(HARNESS)

# Windows on an X server without a screen.
WINDOW = $(patsubst tests/%.c,$T/%.o,$(wildcard tests/window/*.c))
$T/suite-window: $(WINDOW) $(HARNESS)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -o $@ $^ $$(pkg-config --libs check x11 xtst xfixes libpng) \
		-pthread

# Parts of stage 2, linked to tests that do to them what no driver can. UNITS=
# names a part.
UNITS2 = $(patsubst tests/%.c,$O/%.o,$(wildcard tests/units2/*.c))
$O/units2/units: $(UNITS2) $(PARTS2)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -Wl,--wrap=calloc,--wrap=rename,--wrap=SDL_CreateTexture -o $@ $^ \
		$(LIBS2) $$(pkg-config --libs check)
$O/units2/%.o: tests/units2/%.c | packages-build packages-check
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $(SANITIZE) $$(pkg-config --cflags check $(USES2)) \
		-I$(FOLDER1) -I$(FOLDER2) -c -o $@ $<

# And of stage 3.
UNITS3 = $(patsubst tests/%.c,$O/%.o,$(wildcard tests/units3/*.c))
$O/units3/units: $(UNITS3) $(PARTS3)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS3) \
		$$(pkg-config --libs check)
$O/units3/%.o: tests/units3/%.c | packages-build packages-check
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $(SANITIZE) $$(pkg-config --cflags check) \
		-I$(FOLDER1) -I$(FOLDER2) -I$(FOLDER3) -c -o $@ $<

# And of stage 4.
UNITS4 = $(patsubst tests/%.c,$O/%.o,$(wildcard tests/units4/*.c))
$O/units4/units: $(UNITS4) $(PARTS4)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS4) \
		$$(pkg-config --libs check)
$O/units4/%.o: tests/units4/%.c | packages-build packages-check
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $(SANITIZE) $$(pkg-config --cflags check $(USES4)) \
		-I$(FOLDER1) -I$(FOLDER2) -I$(FOLDER3) -I$(FOLDER4) -c -o $@ $<

# ---- running ----

# Our own programs in the guest. They are static: it has no libraries to speak of.
G        = $(if $(SAN),build,$O)/guest
GUESTS   = $(addprefix $G/programs/,fbdev gallery cursor)
programs: $(GUESTS)
$G/programs/fbdev: $(addprefix $G/objects/,fbdev.o canvas.o font.o)
$G/programs/gallery: $(addprefix $G/objects/,gallery.o refusals.o kms.o \
		     canvas.o font.o)
$G/programs/cursor: $(addprefix $G/objects/,pointing.o pointers.o kms.o \
		    canvas.o font.o)

$(GUESTS):
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -static -s -o $@ $^

$G/objects/%.o: tests/guest/programs/%.c | packages-build packages-run
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) $$(pkg-config --cflags libdrm) -c -o $@ $<

-include $(wildcard $G/objects/*.d)

guest: packages-run $(GUESTS)
	@tests/guest/build.sh

# The guest with an X server; `make run` makes it when a demo wants it.
desktop: packages-run
	@tests/guest/desktop.sh

# STAGE= DEMO= OUTPUTS= RESOLUTION= SHOW= ATTACH= INPUT= OVERLAY= GUEST= DEVICE=
run: all guest $(if $(filter generic,$(ATTACH)),packages-generic)
	@tests/qemu/run.py --stage="$(or $(STAGE),$(NEWEST))" --demo="$(DEMO)" \
		--outputs="$(OUTPUTS)" --resolution="$(RESOLUTION)" \
		--show="$(SHOW)" --attach="$(ATTACH)" --input="$(INPUT)" \
		--overlay="$(OVERLAY)" --guest="$(GUEST)" --device="$(DEVICE)"

demos:
	@tests/qemu/demos.py

# The chapter's excerpt of what guest and device say of an OpenGL program: made
# anew, or compared in shape.
flow: all guest
	@tests/qemu/flow.py --write
flow-check: all guest
	@tests/qemu/flow.py

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
CHECKS2 = suite2 suite2-san units2-san units2-threads window-san e2e2
CHECKS3 = suite3 suite3-san units3-san units3-threads e2e3
CHECKS4 = suite4 suite4-san hasty hasty-san units4-san units4-threads e2e4
CHECKS$(NEWEST) += newest-san

# What builds everything comes first; then guests, which keep one processor busy,
# run beside the rest. The sanitizers look at the newest program, which holds all
# the others', and where they do nothing else has to.
FIRST   = compilers format-check audit rows
GUESTS  = docs-check selfcheck mistakes-sample $(STAGES:%=e2e%)
ALONE   = $(filter-out $(GUESTS) $(STAGES:%=suite%-san), \
	  $(foreach s,$(STAGES),$(CHECKS$s)))
CHECKS  = $(FIRST) -- $(GUESTS) -- $(ALONE)

check:
ifdef DEVICE
	@tests/check.sh $(STAGES:%=suite%)
else ifdef SAN
	@tests/check.sh $(STAGES:%=suite%-san) late-san
else
	@tests/check.sh $(CHECKS)
endif

$(STAGES:%=check%): check%:
	@tests/check.sh $(CHECKS$*)

# Everything in full.
check-all:
	@AXES=all SANAXES=pairs RUNS=20 tests/check.sh $(FIRST) $(GUESTS) \
		$(ALONE) units2 units3 units4 window newest \
		check-mistakes foreign flow-check

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

# A later stage only adds: the suites of all stages hold for its program as well.
newest: all suites
	@for n in $(filter-out $(NEWEST),$(STAGES)); do $T/suite$$n \
		--device=$O/stage$(NEWEST) --axes=default $(TESTS) || exit 1; done
newest-san: suites
	@$(MAKE) --no-print-directory all SAN=1
	@for n in $(STAGES); do $T/suite$$n --device=build/san/stage$(NEWEST) \
		--axes=$(SANAXES) $(TESTS) || exit 1; done

e2e: $(STAGES:%=e2e%)
$(STAGES:%=e2e%): e2e%: all guest packages-check
	@tests/qemu/e2e.py --device="$(call device,$*)" $(or $(TESTS),stage$*_)

# What is skipped with an older QEMU; on Debian 13, a newer one is installed.
check-generic: all guest packages-check packages-generic
	@tests/qemu/e2e.py --device="$(call device,$(NEWEST))" --no-skip \
		$(or $(TESTS),generic)

# A later stage's: what it adds to them, and whether the rest is still there.
window: all $T/suite-window
	@$T/suite-window --device=$(CURDIR)/$O/stage2 $(TESTS)
	@$T/suite-window --device=$(CURDIR)/$O/stage$(NEWEST) \
		$(or $(TESTS),shown keys pointer typing pointing grabbing)
# SDL loads much that frees little; ours is looked at without OpenGL below.
window-san: $T/suite-window
	@$(MAKE) --no-print-directory all SAN=1
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/window/leaks:print_suppressions=0 \
		SDL_RENDER_DRIVER=software SDL_FRAMEBUFFER_ACCELERATION=0 \
		$T/suite-window --device=$(CURDIR)/build/san/stage$(NEWEST) $(TESTS)

late: $O/late $T/suite-late
	@$T/suite-late --device=$O/late --axes=$(AXES) $(TESTS)
late-san: $T/suite-late
	@$(MAKE) --no-print-directory build/san/late SAN=1
	@$T/suite-late --device=build/san/late --axes=$(SANAXES) $(TESTS)

hasty: $O/hasty $T/suite-hasty
	@$T/suite-hasty --device=$O/hasty --axes=$(AXES) $(TESTS)
hasty-san: $T/suite-hasty
	@$(MAKE) --no-print-directory build/san/hasty SAN=1
	@$T/suite-hasty --device=build/san/hasty --axes=$(SANAXES) $(TESTS)

units2 units3 units4: %: $O/%/units
	@CK_DEFAULT_TIMEOUT=120 $(UNITS:%=CK_RUN_CASE=%) $<
units2-san units3-san units4-san: %-san:
	@$(MAKE) --no-print-directory $* SAN=1
# Who reads what another thread writes, without a lock?
units2-threads units3-threads units4-threads: %-threads:
	@$(MAKE) --no-print-directory $* O=build/threads \
		CC=gcc SANITIZE='-fsanitize=thread -Wno-tsan'

# RUNS=20 shows that none is noticed by luck.
check-mistakes: all suites $T/suite-window
	@tests/mistakes.py --runs=$(or $(RUNS),1) $(MISTAKES)
mistakes-sample: all suites $T/suite-window
	@tests/mistakes.py --sample=6

selfcheck: all suites
	@tests/harness/selfcheck.py $T/suite1 $O/stage1

# Each compiler builds everything, and has nothing to say: the usual one, and the
# other one beside it.
compilers: all suites programs
	@$(MAKE) --no-print-directory -j2 all suites programs \
		$(if $(findstring clang,$(CC)),CC=gcc O=build/gcc,CC=clang \
		O=build/clang)

audit: all
	@tests/audit.py $(foreach s,$(STAGES),$s=$(FOLDER$s):$(subst $() \
		,$(comma),$(STAGE$s:%=$O/$(FOLDER$s)/%.o)))
comma = ,

rows: suites
	@tests/rows.py $(SUITES) $T/suite-late $T/suite-hasty

docs-check: all suites $T/suite-window guest
	@tests/docs_check.py

# What some mistakes look like: pictures in the chapters.
figures: all guest
	@tests/qemu/figures.py

# One version decides, since each formats a little differently.
FORMAT  = clang-format
FORMATS = $(shell $(FORMAT) --version 2>/dev/null | grep -o 'version 14')
C_FILES = $(shell git ls-files '*.c' '*.h')
format-check: packages-check
	@$(if $(FORMATS),$(FORMAT) --dry-run -Werror $(C_FILES),echo \
		"format-check: not done, it takes clang-format 14")
format: packages-check
	@$(FORMAT) -i $(C_FILES)

# Tables, and no verdict: machines differ, and so do their moods. Beside ours
# QEMU's own program is measured, and in the guest QEMU's own device. BENCH=
# names parts of the first one.
BESIDE = /usr/lib/qemu/vhost-user-gpu -s {}
bench: bench-device bench-guest
bench-device: all $T/bench/bench packages-run
	@$T/bench/bench "$(call device,$(NEWEST))" "$(BESIDE)" $(BENCH)
bench-guest: all guest
	@tests/qemu/guestbench.py "$(or $(foreign:%=$(DEVICE)),$(call \
		device,$(NEWEST)) --socket-path={} --display=none)"

# ---- the rest ----

# Asked once for each run of make; silent when everything is there.
packages-build packages-check packages-run packages-generic:
	@tests/packages.sh $(@:packages-%=%)

help:
	@sed -n 's/^#: \?//p' Makefile

clean:
	rm -rf build

.PHONY: all suites programs guest desktop run demos flow flow-check check check-all check-fresh check-mistakes \
	mistakes-sample selfcheck newest newest-san late late-san hasty hasty-san window window-san \
	units2 units2-san units2-threads units3 units3-san units3-threads \
	units4 units4-san units4-threads \
	foreign e2e compilers audit rows \
	docs-check figures bench bench-device bench-guest format format-check \
	help clean \
	packages-build packages-check packages-run packages-generic check-generic \
	$(foreach s,$(STAGES),check$s suite$s suite$s-san e2e$s)

#: make                     build the stages: build/stage1 ...
#: make run                 boot a guest on the newest stage, default demo
#: make check               prove it, in at most ten minutes
#:
#: make run STAGE=2 DEMO=x11     one stage, one demo; `make demos` lists them
#:          OUTPUTS=2 RESOLUTION=1920x1080     what the guest sees
#:          SHOW=sdl|png|qemu|none     where the pictures go: a window if there is
#:                           a display server, else build/run/DEMO.png
#:          OVERLAY=dir      lay a directory over the guest's root
#:          DEMO=run:/path   run a program of OVERLAY's, in the desktop guest
#:          DEMO=shell       type commands for the guest
#:          INPUT=script     what mouse and keyboard do: lines like "type ls", "click";
#:                           a FIFO takes them while it runs
#:          GUEST=disk.img   boot a disk image instead of our guest
#:          ATTACH=generic   as QEMU's generic device (11.1): resizing works
#:          DEVICE='program {}'     another program, {} is its socket
#:
#: make check1 to check4    the parts that belong to one stage
#: make suite1 TESTS=fence AXES=all     some tests, on all axes
#: make units2 UNITS=mailbox     stage 2's threads and files, each by itself
#:                          (units2-san, units2-threads: with sanitizers; units3, units4)
#: make e2e1 TESTS=reboot   some tests with QEMU and a real guest (make e2e: all)
#: make check SAN=1         the suites, with sanitizers in the device
#: make check DEVICE='/usr/lib/qemu/vhost-user-gpu -s {}'
#:                          the suites, on somebody else's device
#: make check-generic       what needs QEMU 11.1, which it installs on Debian 13
#: make check-mistakes RUNS=20     do the tests notice typical mistakes?
#: make check-all           everything in full: takes long
#: make check-fresh RELEASE=bookworm|trixie|sid
#:                          the two README commands on a pristine Debian
#:
#: make bench               how fast the device is, beside QEMU's: tables
#: make bench-device BENCH=transfers     without a guest, or one part of that
#: make rows                which rows of the checklist have no test
#: make audit               the rules of the code that no compiler checks
#: make docs-check          what the documents say, against the code
#: make figures             draw the chapters' figures anew
#: make format, format-check     clang-format
#: make flow                write the chapter's traces of an X11 program anew
#: make guest, make desktop  build the guests' images
#: make clean               remove build/, the guest's image included
