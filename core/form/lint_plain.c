/* Plain words: what councils write, and what to write instead. "please", "sorry", "invalid" and
 * "oops" are the GOV.UK Design System's; the rest is our own list of what stands in the way of
 * readers. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "form/lint_words.h"

/* In order of the first letter. What has nothing beside it is a good word that looks like a bad
 * one. */
static const struct tp_avoided avoided[] = {
    {"accede to", "agree to", false},
    {"accessible", "easy to use, or easy to get into", true},
    {"accompanying", "with", false},
    {"accomplish", "do", false},
    {"accordingly", "so", false},
    {"accrue", "build up", false},
    {"acknowledge", "say that we got it", true},
    {"acquiesce", "agree", false},
    {"acquire", "get", false},
    {"additional", "more, or extra", false},
    {"adhere to", "keep to", false},
    {"adjacent to", "next to", false},
    {"adjudicate", "decide", false},
    {"advantageous", "useful", false},
    {"advise us of", "tell us", false},
    {"aforementioned", "this", false},
    {"aforesaid", "this", false},
    {"aggregate", "total", false},
    {"alleviate", "ease", false},
    {"ameliorate", "make better", false},
    {"amenities", "things like shops and parks", true},
    {"annually", "every year", false},
    {"anticipate", "expect", false},
    {"applicant", "person who applies, or you", false},
    {"appraise", "judge", false},
    {"apprise", "tell", false},
    {"approve", "agree to", true},
    {"approximately", "about", false},
    {"as a consequence of", "because of", false},
    {"ascertain", "find out", false},
    {"assist", "help", true},
    {"assistance", "help", true},
    {"at a later date", "later", false},
    {"at the present time", "now", false},
    {"at this moment in time", "now", false},
    {"attend", "go to", true},
    {"attributable to", "because of", false},
    {"augment", "add to", false},
    {"baseline", "starting point", false},
    {"benchmark", "compare, or measure", false},
    {"beneficiary", "person who is helped", false},
    {"bespoke", "made to fit", false},
    {"best practice", "what works well", false},
    {"beverage", "drink", true},
    {"budget", "money we can spend", true},
    {"by means of", "by", false},
    {"by virtue of", "because", false},
    {"capacity building", "training, or help to grow", false},
    {"cascade", "pass on", false},
    {"catchment area", "area it serves", false},
    {"cease", "stop", false},
    {"co-design", "plan together", false},
    {"co-production", "plan and do together", false},
    {"cognisant of", "aware of", false},
    {"collaborate", "work together", false},
    {"commence", "start", false},
    {"commencement", "start", false},
    {"commencing", "starting", false},
    {"commissioning", "planning and buying", false},
    {"committee", "group who decide", true},
    {"community cohesion", "people getting on well", false},
    {"community engagement", "asking local people", false},
    {"complete the form", "fill in the form", true},
    {"comprise", "be made up of", false},
    {"concur", "agree", false},
    {"confidential", "private", true},
    {"consent", "say yes", true},
    {"consequently", "so", false},
    {"constitute", "make up", false},
    {"consultation", "asking people what they think", true},
    {"coterminous", "with the same edges", false},
    {"criteria", "rules", true},
    {"curtail", "cut short", false},
    {"customer journey", "what people do, step by step", false},
    {"deem", "think", false},
    {"deliver services", "run services", false},
    {"deliverables", "what will be done", false},
    {"demographic", "group of people", false},
    {"demonstrate", "show", false},
    {"demonstrated", "showed", true},
    {"despite", "even if", true},
    {"detrimental", "bad, or harmful", false},
    {"direction of travel", "where we are going", false},
    {"discontinue", "stop", false},
    {"dissatisfied with", "not happy with", false},
    {"disseminate", "spread, or send out", false},
    {"due to the fact that", "because", false},
    {"dwelling", "home", false},
    {"e.g.", "for example", false},
    {"eligible", "able to get it", true},
    {"employment", "work", true},
    {"empower", "help people to", false},
    {"encounter", "meet", false},
    {"endeavour", "try", false},
    {"engage with", "talk to", false},
    {"engagement activity", "how we ask people", false},
    {"enhance", "improve", false},
    {"enquire", "ask", false},
    {"ensure that", "make sure", false},
    {"envisage", "expect", false},
    {"equitable", "fair", false},
    {"erroneous", "wrong", false},
    {"etc.", "name them, or leave it out", false},
    {"evaluate", "test, or judge", false},
    {"evaluation", "finding out if it worked", true},
    {"evidence base", "what we know", false},
    {"exacerbate", "make worse", false},
    {"expedite", "speed up", false},
    {"expenditure", "spending", false},
    {"expiry", "end", false},
    {"facilitate", "help", false},
    {"feedback", "what you think", true},
    {"first and foremost", "first", false},
    {"fit for purpose", "good enough", false},
    {"footfall", "how many people visit", false},
    {"for the purpose of", "to", false},
    {"formulate", "plan", false},
    {"forthwith", "now", false},
    {"framework agreement", "agreement", false},
    {"front-line", "who work with the public", false},
    {"fulfil", "do", false},
    {"funding", "money", true},
    {"furnish", "give", false},
    {"furthermore", "also", false},
    {"going forward", "from now on, or leave it out", false},
    {"governance", "how decisions are made", false},
    {"grassroots", "local people", false},
    {"grievance", "complaint", true},
    {"hard to reach", "people we hear from least", false},
    {"henceforth", "from now on", false},
    {"hereby", "leave it out", false},
    {"herein", "here", false},
    {"hereto", "to this", false},
    {"heretofore", "until now", false},
    {"holistic", "whole", false},
    {"horizon scanning", "looking ahead", false},
    {"however", "but", true},
    {"i.e.", "that is", false},
    {"identify", "find", true},
    {"impact on", "affect", false},
    {"implement", "carry out", false},
    {"in accordance with", "as ... says", false},
    {"in addition to", "as well as", false},
    {"in conjunction with", "with", false},
    {"in excess of", "more than", false},
    {"in isolation", "alone", false},
    {"in lieu of", "instead of", false},
    {"in order to", "to", false},
    {"in partnership with", "with", false},
    {"in receipt of", "who get", false},
    {"in relation to", "about", false},
    {"in respect of", "about", false},
    {"in the absence of", "without", false},
    {"in the course of", "during", false},
    {"in the event of", "if", false},
    {"in the majority of cases", "mostly", false},
    {"in the near future", "soon", false},
    {"in the vicinity of", "near", false},
    {"inaccessible", "hard to use", true},
    {"inception", "start", false},
    {"incorporate", "include", false},
    {"individuals", "people", false},
    {"inform us of", "tell us", false},
    {"infrastructure", "roads, pipes and buildings: name them", false},
    {"initially", "at first", true},
    {"initiate", "start", false},
    {"initiative", "plan", true},
    {"innovative", "new", false},
    {"instigate", "start", false},
    {"intend", "plan", true},
    {"interface", "meet, or link", false},
    {"invalid", "say what is wrong and what to do", false},
    {"irrespective of", "whatever", false},
    {"issue", "problem", true},
    {"key stakeholders", "people, or who they are", false},
    {"key strategic priorities", "what matters most", false},
    {"learning outcomes", "what people learn", false},
    {"leverage", "use", false},
    {"liaise with", "talk to", false},
    {"localities", "areas", false},
    {"locality", "area", false},
    {"location", "place", true},
    {"magnitude", "size", false},
    {"mainstreaming", "making normal", false},
    {"maintain", "keep", true},
    {"mandatory", "must", false},
    {"maximise", "make the most of", false},
    {"methodology", "method", false},
    {"mitigate", "make less bad", false},
    {"modality", "way", false},
    {"moreover", "also", false},
    {"multi-agency", "by several organisations", false},
    {"necessitate", "need", false},
    {"notify", "tell", false},
    {"notwithstanding", "even if", false},
    {"obtain", "get", false},
    {"occupant", "person who lives there", false},
    {"on a regular basis", "regularly, or how often", false},
    {"on account of", "because of", false},
    {"on behalf of", "for", false},
    {"on the grounds that", "because", false},
    {"oops", "say what is wrong and what to do", false},
    {"optimum", "best", false},
    {"option", "choice", true},
    {"option appraisal", "comparing the choices", false},
    {"outcomes framework", "what should get better", false},
    {"outreach", "going to people", false},
    {"outsource", "pay others to do", false},
    {"owing to", "because of", false},
    {"paradigm", "way of thinking", false},
    {"participate", "take part", true},
    {"partnership working", "working together", false},
    {"pathfinder", "first try", false},
    {"per annum", "a year", false},
    {"permit", "let", true},
    {"persons", "people", false},
    {"pertaining to", "about", false},
    {"peruse", "read", false},
    {"pleased", NULL, false},
    {"please", "say what to do, without 'please'", false},
    {"policy", "rule, or plan", true},
    {"portfolio holder", "councillor in charge", false},
    {"predominant", "main", false},
    {"previously", "before", true},
    {"prior to", "before", false},
    {"priority", "what matters most", true},
    {"proactive", "before it is asked for", false},
    {"procure", "buy", false},
    {"procurement", "buying", false},
    {"proficiency", "skill", false},
    {"prohibit", "not allow", false},
    {"promulgate", "make known", false},
    {"proportionate", "right for its size", false},
    {"proposal", "plan", true},
    {"provision of", "giving, or name the service", false},
    {"public realm", "streets and squares", false},
    {"purchase", "buy", true},
    {"pursuant to", "under", false},
    {"quantum", "amount", false},
    {"questionnaire", "questions", true},
    {"ratify", "agree", false},
    {"rationalise", "cut, or say what changes", false},
    {"re-imagine", "change", false},
    {"reconfigure", "change", false},
    {"reduction in", "less", false},
    {"regarding", "about", false},
    {"regulatory", "by the rules", false},
    {"reimburse", "pay back", false},
    {"remittance", "payment", false},
    {"remunerate", "pay", false},
    {"remuneration", "pay", false},
    {"require", "need", true},
    {"reside", "live", true},
    {"residing", "living", false},
    {"resource allocation", "how money is shared", false},
    {"respond", "answer", true},
    {"respondent", "person who answers", true},
    {"response", "answer", true},
    {"retain", "keep", true},
    {"review", "look at again", true},
    {"robust", "strong, or say how", false},
    {"scoping", "finding out what is needed", false},
    {"seamless", "joined up", false},
    {"seldom heard", "we hear from least", false},
    {"service delivery", "what we do", false},
    {"service provision", "what we offer", false},
    {"service user", "person who uses the service", false},
    {"signpost", "tell people about", false},
    {"signposting", "telling people about", false},
    {"similar to", "like", true},
    {"social inclusion", "nobody left out", false},
    {"solely", "only", false},
    {"sorry", "say what to do, without 'sorry'", false},
    {"stakeholder", "people, or who they are", false},
    {"statutory", "by law", false},
    {"stipulate", "say", false},
    {"strategic", "long-term, or leave it out", false},
    {"strategy", "plan", true},
    {"streamline", "make simpler", false},
    {"submit", "send", true},
    {"subsequent to", "after", false},
    {"subsequently", "later", false},
    {"substantial", "large", false},
    {"sufficient", "enough", false},
    {"supplementary", "more", false},
    {"sustainable", "that can last: say how", false},
    {"synergy", "say what you mean", false},
    {"take cognisance of", "take into account", false},
    {"targeted interventions", "help for some people", false},
    {"terminate", "end", false},
    {"the majority of", "most", false},
    {"therefore", "so", true},
    {"therein", "there", false},
    {"thereof", "of it", false},
    {"third sector", "charities and community groups", false},
    {"toolkit", "guide", false},
    {"trajectory", "direction", false},
    {"transformation programme", "changes", false},
    {"transparency", "being open", false},
    {"under-represented", "we hear from least", false},
    {"undertake", "do", false},
    {"upskill", "train", false},
    {"utilisation", "use", false},
    {"utilise", "use", false},
    {"value-added", "extra", false},
    {"vehicle", "car, bus or lorry", true},
    {"via", "by, or through", false},
    {"viability", "whether it can work", false},
    {"voluntary sector", "charities and community groups", false},
    {"ward member", "councillor", false},
    {"whether", "if", true},
    {"whilst", "while", false},
    {"with a view to", "to", false},
    {"with reference to", "about", false},
    {"with regard to", "about", false},
    {"with respect to", "about", false},
    {"with the exception of", "except", false},
    {"workstream", "piece of work", false},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Words that mean one thing; a name of a street or a service may use another all the same. */
#define THING(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char *const *const things[] = {
    THING("survey", "questionnaire", "consultation", "poll"),
    THING("council", "local authority", "authority"),
    THING("staff", "employee", "worker", "personnel"),
    THING("picture", "image", "photo", "photograph"),
    THING("phone", "telephone"),
    THING("start", "begin", "commence"),
    THING("children", "kids", "youngsters"),
    THING("rubbish", "waste", "refuse", "litter"),
    THING("car park", "parking area"),
    THING("toilet", "lavatory", "bathroom", "restroom"),
    THING("email", "e-mail"),
    THING("leaflet", "brochure", "pamphlet", "flyer"),
    THING("money", "cash", "funds", "funding"),
    THING("trip", "journey"),
    THING("shop", "store"),
    THING("buy", "purchase"),
    THING("job", "employment"),
    THING("doctor", "GP", "physician"),
    THING("carer", "caregiver", "care giver"),
    THING("wheelchair", "wheel chair"),
    THING("pavement", "footpath", "sidewalk"),
    THING("make sure", "ensure"),
};

static bool is_word(unsigned char c)
{
    return isalnum(c) || c >= 0x80 || c == '\'' || c == '_';
}

/* Bytes of the phrase at p, with an ending it may have; 0 where it does not stand there whole. */
static size_t phrase_at(const char *p, const char *end, const char *phrase)
{
    static const char *const endings[] = {"", "s", "d", "ed"};
    size_t length = strlen(phrase);

    if ((size_t)(end - p) < length || strncasecmp(p, phrase, length) != 0)
        return 0;
    if (!isalnum((unsigned char)phrase[length - 1]))
        return length;
    for (size_t i = 0; i < COUNT(endings); i++) {
        size_t more = strlen(endings[i]);

        if ((size_t)(end - p) >= length + more && strncasecmp(p + length, endings[i], more) == 0 &&
            (p + length + more == end || !is_word((unsigned char)p[length + more])))
            return length + more;
    }
    return 0;
}

/* The first word at or after p; what a ${reference} is called, people do not read. */
static const char *first_word(const char *p, const char *end)
{
    while (p < end && !is_word((unsigned char)*p)) {
        const char *close = *p == '$' ? memchr(p, '}', (size_t)(end - p)) : NULL;

        p = close ? close + 1 : p + 1;
    }
    return p;
}

static const char *next_word(const char *p, const char *end)
{
    while (p < end && is_word((unsigned char)*p))
        p++;
    return first_word(p, end);
}

static const struct tp_avoided *longest_at(const char *p, const char *end, bool easy_read,
                                           size_t *length)
{
    int first = tolower((unsigned char)*p);
    const struct tp_avoided *found = NULL;

    *length = 0;
    for (size_t i = 0; i < COUNT(avoided) && avoided[i].phrase[0] <= first; i++) {
        size_t here = avoided[i].phrase[0] == first && (easy_read || !avoided[i].easy_read_only)
                          ? phrase_at(p, end, avoided[i].phrase)
                          : 0;

        if (here > *length) {
            *length = here;
            found = &avoided[i];
        }
    }
    return found;
}

const struct tp_avoided *tp_next_avoided(const char **from, const char *end, bool easy_read)
{
    for (const char *p = first_word(*from, end); p < end; p = next_word(p, end)) {
        size_t length;
        const struct tp_avoided *found = longest_at(p, end, easy_read, &length);

        if (found && found->instead) {
            *from = next_word(p + length, end);
            return found;
        }
    }
    *from = end;
    return NULL;
}

/* ---- one word for one thing ---- */

size_t tp_same_thing_count(void)
{
    return COUNT(things);
}

const char *const *tp_same_thing(size_t index)
{
    return things[index];
}

bool tp_has_word(const struct tp_sentence *sentence, const char *word)
{
    const char *end = sentence->start + sentence->length;

    for (const char *p = first_word(sentence->start, end); p < end; p = next_word(p, end)) {
        size_t length = phrase_at(p, end, word);

        /* "stored" is no shop */
        if (length == strlen(word) || (length == strlen(word) + 1 && p[length - 1] == 's'))
            return true;
    }
    return false;
}

/* ---- who does it ---- */

static bool is_one_of(const char *word, size_t length, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(list[i]) == length && strncasecmp(word, list[i], length) == 0)
            return true;
    }
    return false;
}

/* "is", "will be", "was": after these a participle has nobody who does it. */
static bool is_being(const char *word, size_t length)
{
    static const char *const forms[] = {"is", "are", "was", "were", "be", "been", "being"};

    return is_one_of(word, length, forms, COUNT(forms));
}

static bool is_between(const char *word, size_t length)
{
    static const char *const words[] = {"not", "also", "always", "never", "only", "often"};

    return is_one_of(word, length, words, COUNT(words));
}

static bool is_participle(const char *word, size_t length)
{
    static const char *const irregular[] = {
        "made", "given", "taken", "told", "kept",   "sent",  "seen",  "done",   "held", "written",
        "paid", "found", "built", "sold", "chosen", "shown", "spent", "bought", "put"};
    /* these say how someone or something is, not what is done to it */
    static const char *const states[] = {
        "interested", "worried", "tired",    "disabled", "married",    "retired",  "confused",
        "pleased",    "excited", "scared",   "bored",    "allowed",    "supposed", "satisfied",
        "concerned",  "closed",  "finished", "limited",  "frightened", "need",     "unemployed"};

    if (is_one_of(word, length, irregular, COUNT(irregular)))
        return true;
    return length > 4 && strncasecmp(word + length - 2, "ed", 2) == 0 &&
           !is_one_of(word, length, states, COUNT(states));
}

static size_t word_length(const char *p, const char *end)
{
    size_t length = 0;

    while (p + length < end && is_word((unsigned char)p[length]))
        length++;
    return length;
}

bool tp_find_passive(const struct tp_sentence *sentence, struct tp_sentence *passive)
{
    const char *end = sentence->start + sentence->length;

    for (const char *p = first_word(sentence->start, end); p < end; p = next_word(p, end)) {
        const char *word = p;

        if (!is_being(p, word_length(p, end)))
            continue;
        do
            word = next_word(word, end);
        while (word < end && is_between(word, word_length(word, end)));
        if (word < end && is_participle(word, word_length(word, end))) {
            *passive = (struct tp_sentence){.start = p,
                                            .length = (size_t)(word - p) + word_length(word, end)};
            return true;
        }
    }
    return false;
}
