/* connect: this screen sends to ODK Central, KoboToolbox or another OpenRosa server. */
#include <stdio.h>
#include <string.h>

#include "agent/commands.h"
#include "agent/connect.h"
#include "agent/enrol.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/outbox.h"
#include "store/settings.h"

/* "-" is standard input. */
static bool read_text(const char *path, struct tp_buf *text, struct tp_error *error)
{
    tp_buf_init(text, TP_ODK_SETTINGS_MAX);
    return tp_file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, text, error);
}

static bool read_password(const char *path, struct tp_odk_settings *settings,
                          struct tp_error *error)
{
    struct tp_buf text;
    size_t length;
    bool ok = read_text(path, &text, error);

    length = ok ? strcspn(tp_buf_text(&text), "\r\n") : 0;
    if (ok && (length == 0 || length >= sizeof(settings->password)))
        ok = tp_fail(error, TP_ERR_INVALID, "'%s' does not hold a password of 1 to %zu bytes", path,
                     sizeof(settings->password) - 1);
    if (ok) {
        memcpy(settings->password, text.data, length);
        settings->password[length] = '\0';
    }
    tp_buf_finish(&text);
    return ok;
}

static bool read_settings(const struct tp_options *options, struct tp_odk_settings *settings,
                          struct tp_error *error)
{
    const char *source = options->source;
    struct tp_buf text = {0};
    bool ok;

    if (strncmp(source, "http://", 7) == 0 || strncmp(source, "https://", 8) == 0)
        ok = tp_odk_settings_read(source, strlen(source), settings, error);
    else
        ok = read_text(source, &text, error) &&
             tp_odk_settings_read(tp_buf_text(&text), text.length, settings, error);
    tp_buf_finish(&text);
    if (ok && options->user && strlen(options->user) >= sizeof(settings->user))
        return tp_fail(error, TP_ERR_MISUSE, "the user's name is too long");
    if (ok && options->user)
        memcpy(settings->user, options->user, strlen(options->user) + 1);
    return ok &&
           (!options->password_file || read_password(options->password_file, settings, error));
}

/* What waits was sealed for the destination that it was given to. */
static bool check_waiting(struct tp_agent *agent, const struct tp_identity *before,
                          struct tp_error *error)
{
    struct tp_outbox_counts counts;
    unsigned long long left;

    if (!tp_outbox_counts(agent->store, &counts, error))
        return false;
    left = counts.waiting + counts.quarantined;
    if (left == 0 || agent->options->replace)
        return true;
    return tp_fail(error, TP_ERR_CONFLICT,
                   "%llu answers still wait for '%s'; let them be sent first, or say --replace: "
                   "what the new server cannot read is then set aside and kept",
                   left, *before->store_url ? before->store_url : "their store");
}

static bool forget_enrolment(struct tp_agent *agent, struct tp_error *error)
{
    struct tp_agent_status status;

    if (!tp_enrol_forget(agent->options->state, error) ||
        !tp_agent_status_get(agent->store, &status, error))
        return false;
    status.enrolled = true;
    status.enrolment_code[0] = status.last_error[0] = '\0';
    return tp_agent_status_set(agent->store, &status, error);
}

static void say_connected(const struct tp_identity *identity, size_t surveys)
{
    printf("connected to %s (%s): %zu survey%s listed\n", identity->store_url,
           tp_identity_auth_word(identity->auth), surveys, surveys == 1 ? "" : "s");
    if (identity->plain)
        (void)fprintf(stderr,
                      "talkpoint-sync: answers to surveys without a public_key wait here under "
                      "this screen's own key and go in the clear: who takes the screen can read "
                      "what waits\n");
    else
        (void)fprintf(stderr,
                      "talkpoint-sync: surveys without a public_key are not shown on this screen; "
                      "--plain shows them, and what that costs is in SECURITY.md\n");
}

static bool connect_it(struct tp_agent *agent, struct tp_error *error)
{
    const struct tp_options *options = agent->options;
    struct tp_odk_settings settings = {.url = ""};
    struct tp_connect connect = {.settings = &settings,
                                 .name = options->name,
                                 .auth = options->auth,
                                 .plain = options->plain};
    struct tp_identity identity = {0};
    size_t surveys = 0;
    bool ok;

    (void)tp_identity_read(options->state, options->credentials, &identity, NULL);
    ok = check_waiting(agent, &identity, error) && read_settings(options, &settings, error) &&
         tp_connect_run(agent, &connect, &identity, &surveys, error) &&
         forget_enrolment(agent, error);
    if (ok)
        say_connected(&identity, surveys);
    tp_wipe(&settings, sizeof(settings));
    tp_identity_wipe(&identity);
    return ok;
}

int tp_command_connect(const struct tp_options *options)
{
    struct tp_agent agent;
    struct tp_error error = {0};
    int status = TP_EXIT_DONE;

    if (!tp_agent_open(&agent, options, false, &error) ||
        !tp_command_check_name(options->name, &error) || !connect_it(&agent, &error))
        status = tp_command_fail(&error);
    tp_agent_close(&agent);
    return status;
}
