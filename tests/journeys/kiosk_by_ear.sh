#!/bin/bash
# A whole survey by sound alone: headphones on the welcome page, a hidden screen, three keys. What to press is known
# from what is said, and from nothing else; every error, change and typed letter is heard; private answers are not said
# to the loudspeaker unless the person so chooses, and the next person finds silence (ACCESSIBILITY.md A1, A2, A4, S1, S3).
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
resident --speech-log "$work/said" <<'SCRIPT'
headphones in
listen
expect-said "You can use this screen by listening"
hear Tab Return "Listen"
hear Tab Return "Hide the screen"
expect "The screen is hidden"
expect-not "Tell the council what you think"
hear Tab Return "Touch to start"
listen
expect-said "How would you like to read?"
hear Tab Return "Continue"
listen
expect-said "What would you like to tell us about?"
hear Tab Return "The park"
listen
expect-said "The council asks."
hear Tab Return "Start"
listen
expect-said "How do you travel?"
hear Tab Return "Continue"
listen
expect-said "There is a problem"
hear Tab Return "By bus"
listen
expect-said "By bus. Chosen"
hear Tab Return "Continue"
listen
expect-said "What do you like in the park?"
hear Tab Return "The trees"
hear Tab Return "Something else"
hear Tab Return "Continue"
listen
expect-said "What else do you like?"
hear Tab Return "D"
listen
expect-said "D"
hear Tab Return "u"
hear Tab Return "Delete"
listen
expect-said "Delete"
hear Tab Return "Continue"
listen
expect-said "How old are you?"
hear Tab Return "7"
hear Tab Return "2"
listen
hear Tab Return "Continue"
listen
expect-said "A day in the park"
hear Tab Return "Continue"
listen
expect-said "How good is the park?"
hear Tab Return "4 stars"
listen
hear Tab Return "Continue"
listen
expect-said "How large is it?"
hear Tab Return "More of it"
listen
expect-said "50"
hear Tab Return "Continue"
listen
expect-said "The park is clean"
hear Tab Return "Agree"
hear Tab Return "Continue"
listen
expect-said "What would make it better?"
hear Tab Return "N"
hear Tab Return "o"
hear Tab Return "Continue"
listen
hear Tab Return "Yes, I have read this"
hear Tab Return "Continue"
listen
expect-said "By bus"
hear Tab Return "More answers"
listen
expect-said "How good is the park?"
hear Tab Return "Send my answers"
listen
expect-said "Can we ask about you?"
headphones out
expect-page idle
expect "Are you still there?"
wait 46000
expect-page welcome
expect-fresh
SCRIPT
is "$(waiting)" 1 "the number of answers that wait"
grep -q "Not answered" "$work/said" || fail "an empty field was not said to be empty"

# To the loudspeaker: what is private waits for a clear choice; headphones answer it; speech counts as a sign of life.
to_equality() {
    cat <<'SCRIPT'
tap "#start"
tap "#bar:listen"
listen
expect-said "How would you like to read?"
tap "Continue"
tap "#comments"
tap "Start"
tap-keys "Hi"
tap "Continue"
tap "Continue"
tap "Send my answers"
tap "I have finished"
SCRIPT
}
resident --speech-log "$work/said" <<SCRIPT
$(to_equality)
expect-fresh
tap "#start"
tap "#bar:listen"
tap "Continue"
tap "Another format"
listen
expect-not-said "Braille"
tap "Start"
expect-page aloud
listen
expect-said "Other people could hear the answers."
tap "Do not read the answers aloud"
expect-page question
listen
expect-said "The answers are not read aloud here."
expect-not-said "Braille"
tap "#bar:help"
tap "Stop and leave"
expect-fresh
tap "#start"
tap "#bar:listen"
tap "Continue"
tap "Another format"
tap "Start"
expect-page aloud
headphones in
expect-page question
listen
expect-said "Braille"
headphones out
listen
tap "#bar:help"
tap "Stop and leave"
tap "#start"
tap "#bar:listen"
tap "Continue"
tap "Another format"
tap "Start"
tap "Read the answers aloud"
listen
expect-said "Braille"
SCRIPT
