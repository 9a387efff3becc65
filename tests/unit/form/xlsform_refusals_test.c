/* core/form/xlsform: every mistake is told with its sheet, row, column and what to do. */
#include "conversions.h"

struct refusal {
    const char *markdown;
    const char *line; /* one of the problems, or its beginning */
    bool unsupported;
};

#define SURVEY "| survey |\n| | type | name | label |\n"
#define CHOICES "| choices |\n| | list_name | name | label |\n| | yn | yes | Yes |\n"

static const struct refusal refusals[] = {
    /* types */
    {SURVEY "| | select_on yn | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: 'select_on yn' is not a question type; did you mean "
     "'select_one yn'?",
     false},
    {SURVEY "| | txet | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'txet' is not a question type; did you mean 'text'?",
     false},
    {SURVEY "| | radio | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'radio' is not a question type; did you mean "
     "'select_one yes_no'?",
     false},
    {SURVEY "| | Checkboxes yn | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: 'Checkboxes yn' is not a question type; did you mean "
     "'select_multiple yn'?",
     false},
    {SURVEY "| | group | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'group' is not a question type; did you mean "
     "'begin_group'?",
     false},
    {SURVEY "| | select multiple yn | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: 'select multiple yn' is not a question type; did you "
     "mean 'select_multiple yn'?",
     false},
    {SURVEY "| | select_one yn please | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: 'please' stands behind the list's name, where only "
     "'or_other' may",
     false},
    {SURVEY "| | select all that apply from yn or_other x | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: 'x' stands behind the list's name", false},
    {SURVEY "| | csv-external | a.b/c | |\n",
     "t.md, sheet survey, row 2, column name: 'a.b/c' cannot be a name", false},
    {SURVEY "| | xml-external | yn | |\n| | select_one yn | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column name: 'yn' is the name of two different lists", false},
    {SURVEY "| | wibble | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'wibble' is not a question type; use one of text,",
     false},
    {SURVEY "| | select_one | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'select_one' must name its list of choices", false},
    {SURVEY "| | rank | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'rank' must name its list of choices: 'rank yes_no'",
     false},
    {SURVEY "| | select_one ${r} | q | Q |\n",
     "t.md, sheet survey, row 2, column type: '${r}' names no question; check the name", false},
    {SURVEY "| | begin_repeat | r | R |\n| | text | a | A |\n| | end_repeat | | |\n"
            "| | select_multiple ${a} | q | Q |\n",
     "t.md, sheet survey, row 5, column type: earlier answers may hold spaces", false},
    {SURVEY "| | text | a | A |\n| | select_one ${last-saved#a} | q | Q |\n",
     "t.md, sheet survey, row 3, column type: '${last-saved#a}' would show what", true},
    {SURVEY "| | select_one_external yn | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: there is no sheet 'external_choices'", false},
    {SURVEY "| | select_one_external towns.csv | q | Q |\n| external_choices |\n"
            "| | list_name | name | label |\n| | towns | a | A |\n",
     "t.md, sheet survey, row 2, column type: the sheet 'external_choices' has no list "
     "'towns.csv'; add its choices there",
     false},
    {"| survey |\n| | type | name | label | bind::type |\n| | select_one yn | q | Q | int "
     "|\n" CHOICES,
     "t.md, sheet survey, row 2, column bind::type: the data type of a choice is its name", false},
    {SURVEY "| | audit | | |\n| | audit | | |\n",
     "t.md, sheet survey, row 3, column type: row 2 is an audit already", false},
    {SURVEY "| | note | q | ${meta} |\n",
     "t.md, sheet survey, row 2, column label: '${meta}' names no question", false},
    {SURVEY "| | | q | Q |\n", "t.md, sheet survey, row 2, column type: this row has no type",
     false},
    {SURVEY "| | geopoint | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'geopoint': a public screen does not record where",
     true},
    {SURVEY "| | image | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'image': the screen takes no photographs", true},
    {SURVEY "| | background-audio | q | |\n",
     "t.md, sheet survey, row 2, column type: 'background-audio': the screen takes no", true},
    {SURVEY "| | file | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'file': a public screen takes no files", true},
    {SURVEY "| | barcode | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'barcode': the screen has no scanner", true},
    {SURVEY "| | osm tags | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'osm tags': map editing", true},
    {"| survey |\n| | type | name | parameters |\n"
     "| | audit | | location-priority=balanced location-min-interval=1 location-max-age=2 |\n",
     "t.md, sheet survey, row 2, column parameters: 'location-max-age=2': a public screen does not",
     true},
    {"| survey |\n| | type | name | label | appearance |\n| | text | q | Q | ex:org.app |\n",
     "t.md, sheet survey, row 2, column appearance: 'ex:org.app': the screen starts no other apps",
     true},
    {"| survey |\n| | type | name | label | appearance |\n| | date | q | Q | ethiopian |\n",
     "t.md, sheet survey, row 2, column appearance: 'ethiopian': the screen shows the ordinary",
     true},
    {"| survey |\n| | type | name | label | appearance |\n| | text | q | Q | printer:x |\n",
     "t.md, sheet survey, row 2, column appearance: 'printer:x': the screen has no printer", true},
    {SURVEY "| | text | q | Q |\n| entities |\n| | list_name | label |\n| | e | E |\n",
     "t.md, sheet entities: entities are not built here; remove the sheet", true},
    {"| survey |\n| | type | name | label | save_to |\n| | text | q | Q | p |\n",
     "t.md, sheet survey, row 2, column save_to: entities are not built here", true},
    {"| survey |\n| | type | name | label | default |\n| | text | q | Q | ${last-saved#q} |\n",
     "t.md, sheet survey, row 2, column default: '${last-saved#q}' would show what the person "
     "before answered",
     true},
    {"| survey |\n| | type | name | label | intent |\n| | begin_group | g | G | a.b |\n"
     "| | end_group | | | |\n",
     "t.md, sheet survey, row 2, column intent: the screen starts no other apps", true},
    {"| survey |\n| | type | name | label | body::intent |\n| | begin_group | g | G | a.b |\n"
     "| | end_group | | | |\n",
     "t.md, sheet survey, row 2, column body::intent: the screen starts no other apps", true},
    {SURVEY "| | text | q | Q |\n| settings |\n| | flat |\n| | yes |\n",
     "t.md, sheet settings, row 2, column flat: flat forms are not built here", true},
    /* names */
    {SURVEY "| | text | a b | Q |\n",
     "t.md, sheet survey, row 2, column name: 'a b' cannot be a name; start with a letter", false},
    {SURVEY "| | text | x:y | Q |\n",
     "t.md, sheet survey, row 2, column name: the ':' in 'x:y' says that another standard", false},
    {SURVEY "| | text | | Q |\n", "t.md, sheet survey, row 2, column name: this row has no name",
     false},
    {SURVEY "| | text | q | Q |\n| | note | q | R |\n",
     "t.md, sheet survey, row 3, column name: 'q' is also the name of row 2", false},
    {SURVEY "| | text | meta | Q |\n",
     "t.md, sheet survey, row 2, column name: the name 'meta' is kept for the form itself", false},
    {SURVEY "| | begin_repeat | data | Q |\n| | text | q | Q |\n| | end_repeat | | |\n",
     "t.md, sheet survey, row 2, column name: a repeat cannot be named 'data'", false},
    {SURVEY "| | begin_group | g | G |\n| | begin_repeat | r | R |\n| | end_repeat | | |\n"
            "| | end_group | | |\n| | begin_repeat | r | R |\n| | end_repeat | | |\n",
     "t.md, sheet survey, row 6, column name: 'r' is also the repeat in row 3", false},
    {SURVEY "| | text | q | Q |\n| settings |\n| | name |\n| | 1st |\n",
     "t.md, sheet settings, row 2, column name: '1st' cannot be a name", false},
    /* labels */
    {SURVEY "| | text | q | |\n",
     "t.md, sheet survey, row 2, column label: 'q' has no label, so people would see an empty",
     false},
    {"| survey |\n| | type | name | label | media::big-image |\n| | text | q | Q | a.png |\n",
     "t.md, sheet survey, row 2, column media::big-image: a big-image needs an image too", false},
    /* groups */
    {SURVEY "| | begin_group | g | G |\n| | text | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'begin_group' of 'g' is never ended; add a row with "
     "the type 'end_group'",
     false},
    {SURVEY "| | text | q | Q |\n| | end_group | | |\n",
     "t.md, sheet survey, row 3, column type: 'end_group' ends nothing", false},
    {SURVEY "| | begin_loop over n | g | G |\n| | text | q | Q |\n| | end_loop | | |\n"
            "| choices |\n| | list_name | name | label |\n| | n | 10 | Ten |\n",
     "t.md, sheet choices, row 2, column name: '10' cannot be the name of a group", false},
    {SURVEY "| | begin_group | g | G |\n| | end_repeat | | |\n",
     "t.md, sheet survey, row 3, column type: 'end_repeat' does not fit 'begin_group' of 'g' in "
     "row 2",
     false},
    /* choices */
    {SURVEY "| | select_one ny | q | Q |\n" CHOICES,
     "t.md, sheet survey, row 2, column type: the sheet 'choices' has no list 'ny'; did you mean "
     "'yn'?",
     false},
    {SURVEY "| | select_one yn | q | Q |\n",
     "t.md, sheet survey, row 2, column type: there is no sheet 'choices' with the choices of 'yn'",
     false},
    {SURVEY "| | select_one yn | q | Q |\n" CHOICES "| | yn | yes | Again |\n",
     "t.md, sheet choices, row 3, column name: the list 'yn' has 'yes' twice (also in row 2)",
     false},
    {SURVEY "| | select_one yn | q | Q |\n" CHOICES "| | yn | | Again |\n",
     "t.md, sheet choices, row 3, column name: this choice of the list 'yn' has no name", false},
    {SURVEY "| | select_multiple yn | q | Q |\n" CHOICES "| | yn | not sure | Again |\n",
     "t.md, sheet choices, row 3, column name: 'not sure' has a space, but 'q' lets people choose",
     false},
    {SURVEY "| | select_one yn | q | Q |\n| choices |\n| | list_name | label |\n| | yn | Yes |\n",
     "t.md, sheet choices, row 1: the sheet has no column 'name'", false},
    {SURVEY "| | select_one_from_file list.txt | q | Q |\n",
     "t.md, sheet survey, row 2, column type: 'list.txt' is not a file of choices", false},
    {SURVEY "| | select_one_from_file ../a.csv | q | Q |\n",
     "t.md, sheet survey, row 2, column type: '../a.csv' must be the name of a file beside the "
     "workbook",
     false},
    {"| survey |\n| | type | name | label | choice_filter |\n"
     "| | select_one yn or_other | q | Q | a=1 |\n" CHOICES,
     "t.md, sheet survey, row 2, column choice_filter: a choice_filter does not go with 'or_other'",
     false},
    /* references and formulas */
    {"| survey |\n| | type | name | label | relevant |\n| | text | colour | Q | |\n"
     "| | text | r | R | ${color} = 'x' |\n",
     "t.md, sheet survey, row 3, column relevant: '${color}' names no question; did you mean "
     "'${colour}'?",
     false},
    {"| survey |\n| | type | name | label |\n| | text | q | Hello ${ q } |\n",
     "t.md, sheet survey, row 2, column label: '${ q }' is not a reference to a question", false},
    /* formulas of the spreadsheet */
    {SURVEY "| | text | q | #NAME? |\n",
     "t.md, sheet survey, row 2, column label: '#NAME?' is what the spreadsheet shows of a formula "
     "that failed",
     false},
    {SURVEY "| | select_one yn | q | Q |\n" CHOICES "| | yn | no | #REF! |\n",
     "t.md, sheet choices, row 3, column label: '#REF!' is what the spreadsheet shows", false},
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | title | #N/A |\n",
     "t.md, sheet consultation, row 2, column value: '#N/A' is what the spreadsheet shows", false},
    {"| survey |\n| | type | name | label | relevant |\n| | text | q | Q | ${ |\n",
     "t.md, sheet survey, row 2, column relevant: '${' is not a reference to a question", false},
    {"| survey |\n| | type | name | label | relevant |\n| | begin_group | g | G | |\n"
     "| | text | q | Q | |\n| | end_group | | | |\n| | begin_group | h | H | |\n"
     "| | text | q | Q | |\n| | end_group | | | |\n| | text | r | R | ${q} = 1 |\n",
     "t.md, sheet survey, row 8, column relevant: '${q}' could mean more than one question (rows 3 "
     "and 6)",
     false},
    {"| survey |\n| | type | name | label | relevant |\n| | text | q | Q | (1 = 1 |\n",
     "t.md, sheet survey, row 2, column relevant: this is not a formula the screen can work out:",
     false},
    {"| survey |\n| | type | name | label | calculation |\n| | calculate | q | | concatx('a') |\n",
     "t.md, sheet survey, row 2, column calculation: 'concatx()' is not a function; did you mean "
     "'concat()'?",
     false},
    {"| survey |\n| | type | name | label | calculation |\n| | calculate | q | | pow(2) |\n",
     "t.md, sheet survey, row 2, column calculation: 'pow()' has 1 argument here, which is too few",
     false},
    {"| survey |\n| | type | name | label | calculation |\n| | calculate | q | | |\n",
     "t.md, sheet survey, row 2, column calculation: 'q' has no calculation", false},
    {"| survey |\n| | type | name | label | repeat_count |\n| | begin_repeat | r | R | 1 + |\n"
     "| | text | q | Q | |\n| | end_repeat | | | |\n",
     "t.md, sheet survey, row 2, column repeat_count: this is not a formula the screen can work",
     false},
    {"| survey |\n| | type | name | label | constraint |\n| | text | q | Q | regex(., '[a-') |\n",
     "t.md, sheet survey, row 2, column constraint: '[a-' is no regular expression", false},
    {"| survey |\n| | type | name | label | calculation |\n"
     "| | calculate | q | | instance('yn2')/root/item |\n" CHOICES,
     "t.md, sheet survey, row 2, column calculation: instance('yn2') names no list of choices and "
     "no file; did you mean 'yn'?",
     false},
    {SURVEY "| | select_one yn | q | Q |\n"
            "| | note | n | So: instance('yn')/root/item[nme(${q})]/label |\n" CHOICES,
     "t.md, sheet survey, row 3, column label: 'nme()' is not a function", false},
    {"| survey |\n| | type | name | label | trigger |\n| | text | q | Q | q |\n",
     "t.md, sheet survey, row 2, column trigger: a trigger is written ${question}", false},
    {"| survey |\n| | type | name | label | trigger | calculation |\n"
     "| | calculate | h | | | 1 |\n| | calculate | q | | ${h} | 1 |\n",
     "t.md, sheet survey, row 3, column trigger: 'h' is not shown to anyone", false},
    {"| survey |\n| | type | name | label | trigger |\n| | begin_group | g | G | ${no} |\n"
     "| | text | q | Q | |\n| | end_group | | | |\n",
     "t.md, sheet survey, row 2, column trigger: '${no}' names no question", false},
    {SURVEY "| | begin_group | g | G |\n| | text | a | A |\n| | end_group | | |\n"
            "| | begin_group | h | H |\n| | text | a | A |\n| | end_group | | |\n"
            "| | select_one ${a} | q | Q |\n",
     "t.md, sheet survey, row 8, column type: '${a}' could mean more than one question (rows 3 and "
     "6)",
     false},
    /* parameters */
    {"| survey |\n| | type | name | label | parameters |\n| | text | q | Q | rows=x |\n",
     "t.md, sheet survey, row 2, column parameters: rows must be a whole number", false},
    {"| survey |\n| | type | name | label | parameters |\n"
     "| | select_one yn | q | Q | randomize=maybe |\n" CHOICES,
     "t.md, sheet survey, row 2, column parameters: randomize must be true or false", false},
    {"| survey |\n| | type | name | label | parameters |\n| | select_one yn | q | Q | seed=1 "
     "|\n" CHOICES,
     "t.md, sheet survey, row 2, column parameters: seed goes with randomize=true", false},
    /* headers and sheets */
    {"| survey |\n| | type | name | label | label |\n| | text | q | Q | R |\n",
     "t.md, sheet survey, row 1, column label: the column 'label' is there twice", false},
    {"| survey |\n| | type | name | label | relevant | relevance |\n| | text | q | Q | | |\n",
     "t.md, sheet survey, row 1, column relevance: the columns 'relevant' and 'relevance' mean the "
     "same",
     false},
    {"| survey |\n| | type | name | label | name::fr |\n| | text | q | Q | r |\n",
     "t.md, sheet survey, row 2, column name::fr: this column cannot differ by language; use one "
     "column 'name'",
     false},
    {SURVEY "| | select_one yn | q | Q |\n| choices |\n| | list_name | name | label | name::fr |\n"
            "| | yn | yes | Yes | oui |\n",
     "t.md, sheet choices, row 2, column name::fr: this column cannot differ by language", false},
    {"| survey |\n| | name | label |\n| | q | Q |\n| choices |\n| | x |\n",
     "t.md, sheet survey, row 1: the sheet has no column 'type'", false},
    {"| surevy |\n| | type | name |\n| | text | q |\n| choices |\n| | x |\n",
     "t.md: the workbook has no sheet named 'survey' (there is 'surevy')", false},
    {"| settings |\n| | type | name | label |\n| | text | q | Q |\n",
     "t.md: the workbook has no sheet named 'survey'", false},
    {"| survey |\n| | type | name | label | media::picture |\n| | text | q | Q | a.png |\n",
     "t.md, sheet survey, row 2, column media::picture: 'media::picture' is not a kind of media",
     false},
    {"| survey |\n| | type | name | label | media::image |\n| | text | q | Q | x/a.png |\n",
     "t.md, sheet survey, row 2, column media::image: 'x/a.png' must be the name of a file beside "
     "the workbook",
     false},
    {"| survey |\n| | type | name | label | body::foo:bar |\n| | text | q | Q | 1 |\n",
     "t.md, sheet survey, row 2, column body::foo:bar: 'foo:bar' cannot be used as a column",
     false},
    /* consultation */
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | opens | 31/10/2026 |\n",
     "t.md, sheet consultation, row 2, column value: '31/10/2026' is not a day", false},
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | kind | poll |\n",
     "t.md, sheet consultation, row 2, column value: 'poll' is not a kind of consultation", false},
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | minutes | ten |\n",
     "t.md, sheet consultation, row 2, column value: minutes must be a whole number", false},
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | who | A |\n"
            "| | who | B |\n",
     "t.md, sheet consultation, row 3, column name: 'who' is there twice", false},
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | contact_fone | 1 |\n",
     "t.md, sheet consultation, row 2, column name: 'contact_fone' is not a known fact; did you "
     "mean 'contact_phone'?",
     false},
    {SURVEY "| | text | q | Q |\n| consultation |\n| | name | value |\n| | opens | 2026-12-01 |\n"
            "| | closes | 2026-11-01 |\n",
     "t.md, sheet consultation, column value: the consultation closes before it opens", false},
};

static bool has_line(const struct tp_problems *problems, const struct refusal *refusal)
{
    bool found = false;

    for (size_t i = 0; i < problems->count; i++) {
        struct tp_buf line;

        tp_buf_init(&line, 8192);
        assert_true(tp_problem_line(&problems->items[i], &line));
        if (strncmp(tp_buf_text(&line), refusal->line, strlen(refusal->line)) == 0) {
            found = true;
            assert_int_equal(problems->items[i].severity, TP_SEVERITY_ERROR);
            assert_int_equal(problems->items[i].unsupported, refusal->unsupported);
        } else {
            print_message("also: %s\n", tp_buf_text(&line));
        }
        tp_buf_finish(&line);
    }
    return found;
}

static void check(const struct refusal *refusal)
{
    struct tp_problems problems;
    bool said;

    assert_false(converts(refusal->markdown, &problems));
    said = has_line(&problems, refusal);
    tp_problems_finish(&problems);
    if (!said)
        fail_msg("not said: %s\nof:\n%s", refusal->line, refusal->markdown);
}

static void each_mistake_is_told_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        check(&refusals[i]);
}

static void all_mistakes_are_told_at_once(void **state)
{
    static const char markdown[] = SURVEY "| | txet | a | A |\n| | geopoint | b | B |\n"
                                          "| | text | c d | C |\n| | select_one no | e | E |\n"
                                          "| | text | f | |\n" CHOICES;
    struct tp_problems problems;

    (void)state;
    assert_false(converts(markdown, &problems));
    assert_int_equal(problems.errors, 5);
    for (size_t i = 0; i < problems.count; i++)
        assert_in_range(problems.items[i].row, 2, 6);
    tp_problems_finish(&problems);
}

/* A formula that cannot be read because of a cell's other mistake is no second one. */
static void one_mistake_is_told_once(void **state)
{
    static const struct {
        const char *formula, *line;
    } mistakes[] = {
        {"${ q } = 1", "'${ q }' is not a reference to a question; write '${', the question's name "
                       "and '}', without spaces"},
        {"${AGE} = 1", "'${AGE}' names no question; did you mean '${age}'?"},
        {"#N/A", "'#N/A' is what the spreadsheet shows of a formula that failed; mend it, or write "
                 "the words themselves"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
        struct tp_problems problems;
        char markdown[256];

        (void)snprintf(markdown, sizeof(markdown),
                       "| survey |\n| | type | name | label | relevant |\n| | text | age | Q | |\n"
                       "| | text | r | R | %s |\n",
                       mistakes[i].formula);
        assert_false(converts(markdown, &problems));
        assert_int_equal(problems.count, 1);
        assert_string_equal(problems.items[0].text, mistakes[i].line);
        tp_problems_finish(&problems);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_told_where_it_is),
        cmocka_unit_test(all_mistakes_are_told_at_once),
        cmocka_unit_test(one_mistake_is_told_once),

    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
