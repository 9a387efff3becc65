/*
 * The handlers of the administrators' pages; http/routes.c names them. Thread: any.
 */
#ifndef TP_CENTRAL_WEB_WEB_H
#define TP_CENTRAL_WEB_WEB_H

#include "central/http/app.h"

enum tp_next tp_web_style(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_sign_in_page(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_sign_in(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_sign_out(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_overview(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_surveys(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_publish(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_close(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_open(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_notices(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_new(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_add(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_set(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_show(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_withdraw(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_words(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_notice_set_words(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_screens(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_approve(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_refuse(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_revoke_page(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_revoke(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_phone_add(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_survey(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_keep(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_withdraw_page(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_withdraw_find(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_withdraw(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_quarantine(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_quarantine_discard_page(struct tp_central *central,
                                            struct tp_exchange *exchange);
enum tp_next tp_web_quarantine_swap_page(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_quarantine_discard(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_quarantine_swap(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_log(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_responses(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_download_page(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_download(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_web_people(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_person_add(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_person_remove_page(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_person_remove(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_person_role(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_web_password(struct tp_central *central, struct tp_exchange *exchange);

#endif
