# Talkpoint: every rule. `make help` lists the commands.
#
#   MODE=dev       optimised, warnings are errors (the default)
#   MODE=asan      AddressSanitizer and UndefinedBehaviorSanitizer
#   MODE=tsan      ThreadSanitizer
#   MODE=release   hardened, for installing
#   MODE=fuzz      libFuzzer (clang)
#
# Sources are found, not listed: a new .c file in a module's folder is built, a new one in tests/ is run.

MODE ?= dev
BUILD := build/$(MODE)
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# ---- what is installed ----------------------------------------------------------------------------
# build/packages.mk holds the libraries' flags; making it installs what is missing first.
PACKAGES_base := inih
PACKAGES_form := libxml-2.0 libzip jansson nettle libsodium libpcre2-8
PACKAGES_store := sqlite3 libsodium jansson libcrypto nettle
PACKAGES_kiosk := libdrm alsa icu-i18n sndfile sdl2 SDL2_ttf SDL2_image fribidi jansson libsodium
PACKAGES_agent := libcurl jansson libxml-2.0 libsodium nettle zlib
PACKAGES_central := libmicrohttpd sqlite3 libpq libsodium jansson libxml-2.0 libqrencode nettle zlib
PACKAGES_tool := libdrm sdl2 SDL2_ttf SDL2_image jansson
PACKAGES_audit := sdl2
LIBS_base := -lm
# libxlsxwriter is named by hand: on Debian 13 its pkg-config names minizip, whose zip.h would stand before libzip's.
LIBS_form := -lxlsxwriter -lunistring -lm
LIBS_kiosk := -lunistring -lm

MODULES := base form store kiosk agent central tool audit
FOLDER_base := core/base
FOLDER_form := core/form
FOLDER_store := core/store
FOLDER_kiosk := kiosk
FOLDER_agent := sync/agent
FOLDER_central := sync/central
FOLDER_tool := surveys/tool
FOLDER_audit := tests/audit

NO_BUILD := clean help format guides deb deb-test image image-test update-test tpm-test office-test next-debian-test
ifneq ($(filter-out $(NO_BUILD),$(or $(MAKECMDGOALS),all)),)
include build/packages.mk
endif

build/packages.mk: deploy/dependencies.txt Makefile
	@deploy/install-dependencies build
	@mkdir -p build
	@{ $(foreach m,$(MODULES),echo 'CFLAGS_$(m) := '"$$(pkg-config --cflags $(PACKAGES_$(m)))" && \
	   echo 'LDLIBS_$(m) := '"$$(pkg-config --libs $(PACKAGES_$(m)))" && ) true; } > $@.new
	@mv $@.new $@

# ---- flags ----------------------------------------------------------------------------------------
CC ?= cc
AR ?= ar
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wformat=2 -Wundef -Wvla -Werror
CFLAGS_MODE_dev := -O2 -g
CFLAGS_MODE_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS_MODE_tsan := -O1 -g -fsanitize=thread
CFLAGS_MODE_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -fPIE
CFLAGS_MODE_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-Wno-unknown-warning-option
LDFLAGS_MODE_asan := -fsanitize=address,undefined
LDFLAGS_MODE_tsan := -fsanitize=thread
LDFLAGS_MODE_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_MODE_fuzz := -fsanitize=address,undefined
ifeq ($(MODE),fuzz)
CC := clang
endif

ALL_CFLAGS = -std=gnu17 -D_GNU_SOURCE -DTP_VERSION='"$(VERSION)"' -DTP_PREFIX='"$(PREFIX)"' \
	-include core/base/banned.h $(WARNINGS) $(CFLAGS_MODE_$(MODE)) $(CFLAGS)
ALL_LDFLAGS = -Wl,--as-needed $(LDFLAGS_MODE_$(MODE)) $(LDFLAGS)

# ---- layers ---------------------------------------------------------------------------------------
# A module sees only what its include paths name: build/include/<module>/<module> -> its folder.
SEES_base := base
SEES_form := base form
SEES_store := base store
SEES_kiosk := base form store kiosk
SEES_agent := base store agent
SEES_central := base form store central
SEES_tool := base form kiosk tool
SEES_audit := base form store kiosk audit
# What a program links beyond what it sees: the kiosk's pages, which the tool draws, rest on the store.
LINKS_tool := base form store kiosk tool
links = $(or $(LINKS_$(1)),$(SEES_$(1)))
includes = $(foreach m,$(SEES_$(1)),-Ibuild/include/$(m)) \
	$(foreach m,$(SEES_$(1)),$(if $(filter $(m),base form store)$(filter $(1),$(m)),$(CFLAGS_$(m)),))

build/include/.made: Makefile
	@mkdir -p $(foreach m,$(MODULES),build/include/$(m))
	@$(foreach m,$(MODULES),ln -sfn ../../../$(FOLDER_$(m)) build/include/$(m)/$(m) && ) true
	@touch $@

# Rebuild when the flags change.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS)) $(ALL_LDFLAGS)' | cmp -s - $@ || \
	 echo '$(CC) $(subst ','\'',$(ALL_CFLAGS)) $(ALL_LDFLAGS)' > $@
FORCE:

# ---- modules --------------------------------------------------------------------------------------
sources = $(sort $(shell find $(FOLDER_$(1)) -name '*.c' 2>/dev/null))
define module
SOURCES_$(1) := $$(call sources,$(1))
OBJECTS_$(1) := $$(patsubst %.c,$(BUILD)/%.o,$$(filter-out $(FOLDER_$(1))/main.c,$$(SOURCES_$(1))))
$$(patsubst %.c,$(BUILD)/%.o,$$(SOURCES_$(1))): $(BUILD)/%.o: %.c $(BUILD)/flags | build/include/.made
	@mkdir -p $$(@D)
	@echo "  CC    $$<"
	@$$(CC) $$(ALL_CFLAGS) $$(call includes,$(1)) -MMD -MP -c $$< -o $$@
$(BUILD)/lib$(1).a: $$(OBJECTS_$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@$(AR) rcs $$@ $$^
-include $$(patsubst %.c,$(BUILD)/%.d,$$(SOURCES_$(1)))
endef
# Embedded by .incbin, which the compiler does not report as a dependency.
$(BUILD)/sync/central/web/page.o: sync/central/web/style.css
$(foreach m,$(MODULES),$(eval $(call module,$(m))))

# A program: its main.c, its own library, and the libraries it sees.
PROGRAM_kiosk := talkpoint-kiosk
PROGRAM_agent := talkpoint-sync
PROGRAM_central := talkpoint-central
PROGRAM_tool := talkpoint-survey
PROGRAM_audit := talkpoint-audit
reverse = $(if $(1),$(call reverse,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))
archives = $(foreach m,$(call reverse,$(call links,$(1))),$(BUILD)/lib$(m).a)
libraries = $(foreach m,$(call reverse,$(call links,$(1))),$(LDLIBS_$(m)) $(LIBS_$(m)))
define program
ifneq ($$(wildcard $(FOLDER_$(1))/main.c),)
$(if $(filter audit,$(1)),AUDIT :=,PROGRAMS +=) $(BUILD)/$(PROGRAM_$(1))
$(BUILD)/$(PROGRAM_$(1)): $(BUILD)/$(FOLDER_$(1))/main.o $$(call archives,$(1))
	@echo "  LINK  $$@"
	@$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(call archives,$(1)) $$(call libraries,$(1))
endif
endef
$(foreach m,kiosk agent central tool audit,$(eval $(call program,$(m))))

# ---- the interface's languages --------------------------------------------------------------------
PO := $(wildcard kiosk/i18n/po/*.po)
MO := $(patsubst kiosk/i18n/po/%.po,build/locale/%.mo,$(PO))
build/locale/%.mo: kiosk/i18n/po/%.po
	@mkdir -p $(@D)
	@msgfmt --check-format -o $@ $<

all: $(PROGRAMS) $(foreach m,$(filter-out audit,$(MODULES)),$(if $(SOURCES_$(m)),$(BUILD)/lib$(m).a)) $(MO) ## build the four programs into build/dev

# ---- tests ----------------------------------------------------------------------------------------
# tests/{unit,property,fuzz,bench,faults}/MODULE/NAME.c links MODULE and all it sees; so does
# tests/helpers/MODULE/NAME.c, a program that journeys run.
TEST_KINDS := unit property faults
test_sources = $(foreach k,$(TEST_KINDS),$(wildcard tests/$(k)/$(1)/*.c))
define tests
TESTS_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(call test_sources,$(1)))
FUZZERS_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/fuzz/$(1)/*.c))
BENCHES_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/bench/$(1)/*.c))
HELPERS_$(1) := $$(patsubst %.c,$(BUILD)/%,$$(wildcard tests/helpers/$(1)/*.c))
$$(TESTS_$(1)) $$(BENCHES_$(1)) $$(HELPERS_$(1)): $(BUILD)/%: %.c $(BUILD)/flags $$(call archives,$(1)) | build/.test-packages
	@mkdir -p $$(@D)
	@echo "  TEST  $$<"
	@$$(CC) $$(ALL_CFLAGS) -Itests $$(call includes,$(1)) $$(CFLAGS_$(1)) -MMD -MP $$(ALL_LDFLAGS) \
	  -o $$@ $$< $$(call archives,$(1)) $$(call libraries,$(1)) -lcmocka
$$(FUZZERS_$(1)): $(BUILD)/%: %.c $(BUILD)/flags $$(call archives,$(1)) tests/fuzz/replay.c
	@mkdir -p $$(@D)
	@echo "  FUZZ  $$<"
	@$$(CC) $$(ALL_CFLAGS) -Itests $$(call includes,$(1)) $$(CFLAGS_$(1)) -MMD -MP $$(ALL_LDFLAGS) \
	  $$(if $$(filter fuzz,$(MODE)),-fsanitize=fuzzer) -o $$@ $$< \
	  $$(if $$(filter fuzz,$(MODE)),,tests/fuzz/replay.c) $$(call archives,$(1)) $$(call libraries,$(1))
-include $$(addsuffix .d,$$(TESTS_$(1)) $$(FUZZERS_$(1)) $$(BENCHES_$(1)) $$(HELPERS_$(1)))
endef
$(foreach m,$(MODULES),$(eval $(call tests,$(m))))
TESTS := $(foreach m,$(MODULES),$(TESTS_$(m)))
FUZZERS := $(foreach m,$(MODULES),$(FUZZERS_$(m)))
BENCHES := $(foreach m,$(MODULES),$(BENCHES_$(m)))
HELPERS := $(foreach m,$(MODULES),$(HELPERS_$(m)))

build/.test-packages: deploy/dependencies.txt
	@deploy/install-dependencies test
	@mkdir -p build
	@touch $@

tests: $(PROGRAMS) $(MO) $(TESTS) $(FUZZERS) $(HELPERS) | build/.test-packages

test: all | build/.test-packages ## run every test; the last line is "N passed, N failed"
	@$(MAKE) --no-print-directory MODE=asan tests
	@tests/run build/asan build/dev

FAULTS := $(filter $(BUILD)/tests/faults/%,$(TESTS))
faults-programs: $(PROGRAMS) $(FAULTS) $(HELPERS)
faults: all | build/.test-packages ## power cuts, kills, failing disks; last line "faults: N injected, ..."
	@$(MAKE) --no-print-directory MODE=asan faults-programs
	@tests/faults/run build/asan build/dev

.PHONY: audit
audit: all $(AUDIT) ## every page in every variant in millimetres; last line "audit: P pages x V variants, N faults"
	@$(AUDIT)

bench: all $(BENCHES) | build/.test-packages ## measure; JSON lines {"name","value","unit","baseline","ratio"}
	@tests/bench/run $(BUILD)

# tests/conformance is one program; the data it reads (ODK=DIR) is no part of the project.
ODK ?= ../shared/odk
CONFORMANCE := $(wildcard tests/conformance/*.c)
$(BUILD)/tests/conformance/run: $(CONFORMANCE) $(wildcard tests/conformance/*.h) $(BUILD)/flags $(BUILD)/libform.a $(BUILD)/libbase.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(ALL_CFLAGS) $(call includes,form) $(CFLAGS_form) $(ALL_LDFLAGS) -o $@ $(CONFORMANCE) $(call archives,form) $(call libraries,form)

conformance: $(BUILD)/tests/conformance/run ## hold the form engine against recorded cases: make conformance ODK=DIR
	@if [ -d "$(ODK)" ]; then $(BUILD)/tests/conformance/run "$(ODK)" build/conformance.jsonl; \
	 else echo "conformance: skipped: there is no folder $(ODK)"; fi

fuzzers: $(FUZZERS)
FUZZ_SECONDS ?= 60
fuzz: ## fuzz every parser for FUZZ_SECONDS each (60)
	@deploy/install-dependencies fuzz
	@$(MAKE) --no-print-directory MODE=fuzz fuzzers
	@tests/fuzz/run build/fuzz $(FUZZ_SECONDS)

# ---- run ------------------------------------------------------------------------------------------
run: all ## install what is missing, build, and run the central store, the sync agent and the kiosk
	@deploy/run $(BUILD)

screenshots: all $(HELPERS) | build/.test-packages ## make the documents' pictures from the real screens
	@tests/journeys/screenshots $(BUILD) docs/pictures
	@tests/journeys/guide_pictures $(BUILD) docs/guides/pictures

guides: ## the guides as pages and on paper, in build/guides; fails where the library staff's is longer than one page
	@deploy/install-dependencies guides
	@docs/guides/print build/guides

# ---- lint -----------------------------------------------------------------------------------------
C_FILES = $(shell git ls-files --cached --others --exclude-standard '*.c' '*.h')
build/.lint-packages: deploy/dependencies.txt
	@deploy/install-dependencies lint
	@mkdir -p build
	@touch $@

format: ## format the C files
	@clang-format -i $(C_FILES)

define run_tidy
@mkdir -p $(@D)
@echo "  TIDY  $<"
@clang-tidy --quiet $< -- $(ALL_CFLAGS) -Itests $(call includes,$(1)) $(CFLAGS_$(1)) 2>build/tidy/$(subst /,-,$<).log || \
  { cat build/tidy/$(subst /,-,$<).log; false; }
@touch $@
endef
# The fuzzers too: clang compiles them, and only when they are run.
define tidy
TIDY_SOURCES_$(1) := $$(patsubst %.c,build/tidy/%.ok,$$(SOURCES_$(1)))
TIDY_FUZZERS_$(1) := $$(FUZZERS_$(1):$(BUILD)/%=build/tidy/%.ok)
TIDY += $$(TIDY_SOURCES_$(1)) $$(TIDY_FUZZERS_$(1))
$$(TIDY_SOURCES_$(1)): build/tidy/%.ok: %.c .clang-tidy $(BUILD)/%.o | build/.lint-packages
	$$(call run_tidy,$(1))
$$(TIDY_FUZZERS_$(1)): build/tidy/%.ok: %.c .clang-tidy $(BUILD)/% | build/.lint-packages
	$$(call run_tidy,$(1))
endef
$(foreach m,$(MODULES),$(eval $(call tidy,$(m))))

# The benches are only compiled: nothing else does it between two measurements.
lint: $(TIDY) $(BENCHES) build/include/.made | build/.lint-packages ## formatting, clang-tidy, cppcheck, layers, headers
	@clang-format --dry-run -Werror $(C_FILES)
	@cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,performance,portability \
	  --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -Ibuild/include/base \
	  core kiosk sync surveys/tool
	@tests/layers
	@echo "lint: nothing to say"

# ---- install --------------------------------------------------------------------------------------
install: all ## install under $(DESTDIR)$(PREFIX)
	@deploy/install $(BUILD) "$(DESTDIR)" "$(PREFIX)"

deb: ## make the four Debian packages in build/deb
	@deploy/make-deb build/deb

deb-test: ## install, upgrade, remove and purge the packages in a bare Debian; as root, minutes
	@tests/deploy/packages

image: ## make a disk image that boots to the welcome page: build/image/talkpoint.img; as root, minutes
	@deploy/install-dependencies image
	@deploy/make-deb build/deb >/dev/null
	@mkdir -p build/image
	@deploy/image/build build/deb build/image/talkpoint.img

image-test: image ## boot the image, cut its power in the middle of saving, boot it again; settings from a stick; as root, many minutes
	@tests/deploy/image build/image/talkpoint.img build/image
	@tests/deploy/settings build/image/talkpoint.img build/deb

update-test: image ## updates on the image's read-only system: taken, refused, cut off, gone back from; as root, half an hour
	@tests/deploy/update build/image/talkpoint.img build/deb

tpm-test: image ## the image's encrypted part with a TPM2, and its disk in another machine; as root, many minutes
	@tests/deploy/tpm build/image/talkpoint.img

office-test: ## the central store on a booted Debian, by the operator's guide: units, timers, TLS, logs, PostgreSQL; as root, many minutes
	@deploy/install-dependencies image
	@deploy/make-deb build/deb >/dev/null
	@tests/deploy/office build/deb

next-debian-test: ## packages, unit tests and journeys in a bare Debian 13; as root, an hour
	@tests/deploy/next-debian

container-test: all ## build and run the central store's container file with buildah; as root, minutes
	@deploy/install-dependencies container
	@tests/deploy/container

clean: ## remove everything that was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

.PHONY: all tests test faults faults-programs bench conformance fuzz fuzzers run screenshots guides format lint install deb deb-test image image-test update-test tpm-test office-test next-debian-test container-test clean help FORCE
