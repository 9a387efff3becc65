#include "kiosk/library_check.h"

#include "store/odk.h"

bool tp_survey_check(struct tp_survey *survey, bool brought, bool own_keys, struct tp_error *error)
{
    struct tp_form *form;

    if (brought && !survey->facts)
        return tp_fail(
            error, TP_ERR_INVALID,
            "it came without a consultation.json, so nobody could be told who asks, why, and what "
            "happens with the answers; add that file to the form's media");
    if (!own_keys)
        return true;
    if (!tp_survey_form(survey, &form, error))
        return false;
    return *tp_form_public_key(form) ||
           tp_fail(error, TP_ERR_INVALID,
                   "its form has no public_key, and this screen has no key of its own to keep "
                   "answers with; give the form one, or connect the screen with --plain");
}

bool tp_survey_check_key(const struct tp_form *form, struct tp_error *error)
{
    const char *key = tp_form_public_key(form);

    return !*key || tp_odk_key_check(key, error);
}
