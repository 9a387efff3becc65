/*
 * Packages on disk (docs/ARCHITECTURE.md, A device's folder): forms/ID is a link to
 * ../packages/ID-HASH, which holds form.xml and the media. A package is built in
 * packages/.partial-ID-HASH, renamed when it is whole and synced, and then the link is replaced in
 * one step, so that the kiosk sees the old package or the new one. A package that was taken out of
 * use stays for a day, and the one before the current stays always, for a resident may be in the
 * middle of it. Thread: one at a time.
 */
#ifndef TP_AGENT_DO_PACKAGES_H
#define TP_AGENT_DO_PACKAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/wire/form_list.h"
#include "base/error.h"

/* "ID-" and 16 hex digits. */
#define TP_PACKAGE_NAME_MAX (TP_LISTED_ID_MAX + 18)
#define TP_PACKAGE_PATH_MAX 4096u
/* Longer than a resident sits at a survey, and than a screen is off over night. */
#define TP_PACKAGE_KEEP_MS (INT64_C(24) * 60 * 60 * 1000)
/* The version as listed, for the heartbeat; the kiosk reads form.xml. */
#define TP_PACKAGE_VERSION_FILE ".version"

/* Makes forms/ and packages/. */
bool tp_packages_init(const char *state, struct tp_error *error);

/* The package's name: changes with the form, its version and each of its files. */
bool tp_package_name(const struct tp_listed_form *form, const struct tp_manifest *manifest,
                     char name[TP_PACKAGE_NAME_MAX], struct tp_error *error);

/* True where forms/ID leads to a package; its name. */
bool tp_packages_current(const char *state, const char *id, char name[TP_PACKAGE_NAME_MAX]);
/* True where the package is there with every file. */
bool tp_packages_has(const char *state, const char *name, const struct tp_manifest *manifest);

/* packages/NAME or packages/.partial-NAME, and a file in it where `file` is not NULL. */
bool tp_packages_path(const char *state, bool partial, const char *name, const char *file,
                      char path[TP_PACKAGE_PATH_MAX], struct tp_error *error);

/* Makes the finished partial folder the package (synced), and drops what is left of it where the
 * package is there already. */
bool tp_packages_finish(const char *state, const char *name, struct tp_error *error);

/* Makes forms/ID lead to the package, and keeps the one it led to as the previous one. */
bool tp_packages_switch(const char *state, const char *id, const char *name, int64_t now_ms,
                        struct tp_error *error);

/* Takes the link of every form away that is not in the list. */
bool tp_packages_retire(const char *state, const struct tp_form_list *list, int64_t now_ms,
                        struct tp_error *error);

/* Removes packages and partial folders that nothing leads to and that were left a day ago. */
bool tp_packages_sweep(const char *state, int64_t now_ms, struct tp_error *error);

/* Calls `visit` with each form that is linked, and its version. */
void tp_packages_each(const char *state,
                      void (*visit)(void *context, const char *id, const char *version),
                      void *context);

#endif
