/* Every address of the store: one table. */
#include <stddef.h>

#include "central/api/api.h"
#include "central/http/app.h"
#include "central/web/web.h"

const struct tp_route tp_routes[] = {
    /* devices (docs/PROTOCOL.md) */
    {TP_POST, "/submission", TP_DEVICE, TP_PARTS_BODY, TP_SUBMISSION_MAX, tp_api_submit},
    {TP_HEAD, "/submission", TP_DEVICE, TP_NO_BODY, 0, tp_api_submit_head},
    {TP_GET, "/formList", TP_DEVICE, TP_NO_BODY, 0, tp_api_form_list},
    {TP_GET, "/forms/*/*/form.xml", TP_DEVICE, TP_NO_BODY, 0, tp_api_form},
    {TP_GET, "/forms/*/*/manifest", TP_DEVICE, TP_NO_BODY, 0, tp_api_manifest},
    {TP_GET, "/forms/*/*/media/*", TP_DEVICE, TP_NO_BODY, 0, tp_api_media},
    {TP_POST, "/talkpoint/enrolments", TP_ANYONE, TP_RAW_BODY, TP_JSON_MAX, tp_api_enrol},
    {TP_POST, "/talkpoint/enrolments/*/claim", TP_ANYONE, TP_RAW_BODY, TP_JSON_MAX, tp_api_claim},
    {TP_POST, "/talkpoint/heartbeat", TP_DEVICE, TP_RAW_BODY, TP_JSON_MAX, tp_api_heartbeat},

    /* administrators */
    {TP_GET, "/sign-in", TP_ANYONE, TP_NO_BODY, 0, tp_web_sign_in_page},
    {TP_POST, "/sign-in", TP_ANYONE, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_sign_in},
    {TP_POST, "/sign-out", TP_VIEWER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_sign_out},
    {TP_GET, "/", TP_VIEWER, TP_NO_BODY, 0, tp_web_overview},
    {TP_GET, "/surveys", TP_VIEWER, TP_NO_BODY, 0, tp_web_surveys},
    {TP_GET, "/surveys/*", TP_VIEWER, TP_NO_BODY, 0, tp_web_survey},
    {TP_POST, "/surveys/*/keep", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_keep},
    {TP_POST, "/surveys", TP_OFFICER, TP_PARTS_BODY, TP_UPLOAD_MAX, tp_web_publish},
    {TP_POST, "/surveys/*/close", TP_OFFICER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_close},
    {TP_POST, "/surveys/*/open", TP_OFFICER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_open},
    {TP_GET, "/screens", TP_VIEWER, TP_NO_BODY, 0, tp_web_screens},
    {TP_POST, "/screens/approve", TP_OFFICER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_approve},
    {TP_POST, "/screens/refuse", TP_OFFICER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_refuse},
    {TP_GET, "/screens/*/revoke", TP_OFFICER, TP_NO_BODY, 0, tp_web_revoke_page},
    {TP_POST, "/screens/*/revoke", TP_OFFICER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_revoke},
    {TP_GET, "/responses", TP_VIEWER, TP_NO_BODY, 0, tp_web_responses},
    {TP_GET, "/responses/*/download", TP_OFFICER, TP_NO_BODY, 0, tp_web_download},
    {TP_POST, "/phones", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_phone_add},
    {TP_GET, "/withdraw", TP_ADMINISTRATOR, TP_NO_BODY, 0, tp_web_withdraw_page},
    {TP_POST, "/withdraw", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_withdraw},
    {TP_POST, "/withdraw/find", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX,
     tp_web_withdraw_find},
    {TP_GET, "/quarantine", TP_ADMINISTRATOR, TP_NO_BODY, 0, tp_web_quarantine},
    {TP_POST, "/quarantine/*/discard", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX,
     tp_web_quarantine_discard},
    {TP_POST, "/quarantine/*/swap", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX,
     tp_web_quarantine_swap},
    {TP_GET, "/log", TP_ADMINISTRATOR, TP_NO_BODY, 0, tp_web_log},
    {TP_POST, "/people/*/role", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX,
     tp_web_person_role},
    {TP_GET, "/people", TP_VIEWER, TP_NO_BODY, 0, tp_web_people},
    {TP_POST, "/people/add", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_person_add},
    {TP_POST, "/people/password", TP_VIEWER, TP_FORM_BODY, TP_FORM_BODY_MAX, tp_web_password},
    {TP_GET, "/people/*/remove", TP_ADMINISTRATOR, TP_NO_BODY, 0, tp_web_person_remove_page},
    {TP_POST, "/people/*/remove", TP_ADMINISTRATOR, TP_FORM_BODY, TP_FORM_BODY_MAX,
     tp_web_person_remove},
    {TP_GET, "/metrics", TP_ANYONE, TP_NO_BODY, 0, tp_api_metrics},
    {TP_GET, "/static/style.css", TP_ANYONE, TP_NO_BODY, 0, tp_web_style},
    {TP_GET, NULL, TP_ANYONE, TP_NO_BODY, 0, NULL},
};
