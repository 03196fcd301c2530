"""The words the grammar knows. All folded: lower case, no accents, no apostrophes."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Commands, as `mask` and the rule 'one thing at a time' know them.
COMMANDS = _set("ok done more safe false visit home status away back")
# After one of these, digits are taken for a PIN.
PIN_WORDS = _set("ok done more safe false home pin code")

VISIT_SPELLINGS = _set("visit vist vsit visti vissit vistit visut")
STATUS_SPELLINGS = _set("status staus stauts satus sttaus")

# The gateways act on these when they are the whole message; END would silence every later alarm.
STOP_WORDS = _set("stop stopall end cancel quit unsubscribe revoke optout")
STOP_PHRASES = frozenset({("stop", "all"), ("opt", "out")})
GATEWAY_WORDS = _set("start unstop info yes")

ENDING_WORDS = _set(
    "end ended ending finish finished over cancel cancelled stop quit left leaving complete "
    "completed close closed"
)
ENDING_FILLERS = _set("is now has been was early all just")

HELP_SLIPS = _set("hlep hepl halp hlp hwlp heklp jelp gelp")
HELP_WELSH = _set("helpwch helpa")
# A whole message that is a thumb's width from SOS.
SOS_SLIPS = _set(
    "aos dos wos eos zos xos sis sps sls sks s9s soa sod sow sox sso oss soss 5os so5 s05"
)
EMERGENCY_NUMBERS = _set("999 112 911")
CALL_WORDS = _set("call ring dial phone")

NOT_WORDS = _set(
    "not no nope nah never none cannot without unsafe notok dont cant isnt wont aint didnt doesnt "
    "wasnt werent arent couldnt shouldnt wouldnt hasnt havent hadnt mustnt neednt "
    "nid nad ddim dim nac nage na heb methu peidiwch"
)
HELP_LIKE = _set("helping helped helps helper helpu cymorth")

_SINGLE_GREETINGS = (
    "hi hiya hello helo hullo hey heya hya hei thanks thankyou thanx thnx thx tnx ty ta cheers "
    "diolch please pls plz plse plis bye goodbye hwyl regards wayhome morning afternoon evening "
    "x xx xxx xxxx xoxo"
)
_GREETING_PHRASES = (
    "thank you|thank u|many thanks|thanks very much|thank you very much|thanks a lot|"
    "good morning|good afternoon|good evening|good night|good day|hi there|hello there|"
    "hey there|hi all|hello all|hi team|hello team|hi everyone|hello everyone|kind regards|"
    "best wishes|bore da|prynhawn da|pnawn da|noswaith dda|nos da|diolch yn fawr|"
    "os gwelwch yn dda"
)
# Longest first, so that 'thank you very much' leaves nothing behind.
GREETINGS = sorted(
    [(word,) for word in _SINGLE_GREETINGS.split()]
    + [tuple(phrase.split()) for phrase in _GREETING_PHRASES.split("|")],
    key=len,
    reverse=True,
)
# What may end a place without being part of it.
PLACE_ENDINGS = _set("please pls plz thanks thankyou thx ta cheers diolch x xx xxx")

SIGNATURES = (("sent", "from"), ("get", "outlook"), ("anfonwyd", "o"))
DEVICE_WORDS = _set(
    "my fy ffon iphone ipad phone mobile android samsung galaxy huawei nokia sony xperia pixel "
    "google motorola moto oneplus xiaomi redmi smartphone device handset tablet blackberry "
    "windows outlook yahoo mail gmail hotmail email app for on using via a work personal ios o "
    "ee vodafone three pro max plus mini ultra s se"
)

# Pictures that say yes, thanks, home or nothing much. Any other picture makes a sign of life
# unclear: nobody should have to guess what a knife beside an OK means.
FRIENDLY_SIGNS = frozenset(
    "\U0001f44d\U0001f44c\U0001f64f\U0001f64b\U0001f64c\U0001f44b\U0001f44f\U0001f91d\U0001f919"
    "\U0001f4aa\u270c\u261d\u263a"
    "\U0001f600\U0001f601\U0001f602\U0001f603\U0001f604\U0001f605\U0001f606\U0001f607\U0001f609"
    "\U0001f60a\U0001f60b\U0001f60c\U0001f60d\U0001f60e\U0001f618\U0001f619\U0001f61a\U0001f617"
    "\U0001f642\U0001f643\U0001f917\U0001f923\U0001f929\U0001f970\U0001f973"
    "\u2764\u2665\U0001f493\U0001f495\U0001f496\U0001f497\U0001f498\U0001f499\U0001f49a"
    "\U0001f49b\U0001f49c\U0001f49d\U0001f49e\U0001f5a4\U0001f90d\U0001f90e\U0001f9e1"
    "\u2705\u2714\u2611\U0001f4af\U0001f389\u2728\u2b50\U0001f31f\u2600\U0001f308\U0001f31e"
    "\U0001f338\U0001f33a\U0001f33b\U0001f33c\U0001f337\U0001f339\U0001f490"
    "\u2757\u2755\u2753\u2754"
    "\u2615\U0001f375\U0001f3e0\U0001f3e1\U0001f697\U0001f699\U0001f695\U0001f68c\U0001f68d"
    "\U0001f689\U0001f682\U0001f6b2\U0001f6b6\U0001f3c3\U0001f6b4"
)

MINUTE_UNITS = _set("m min mins minute minutes munud munudau")
HOUR_UNITS = _set("h hr hrs hour hours awr oriau")

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
_ONES += "fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES = {word: value for value, word in enumerate(_ONES.split())}
ONES |= {"oh": 0, "nought": 0}
TENS = {word: 10 * tens for tens, word in enumerate(_TENS.split(), start=2)} | {"fourty": 40}

UNTIL_WORDS = _set("until untill till til to by")
# Behind these a bare hour is a time too; 'to 15' and 'by 15' may be a place.
SURELY_UNTIL = _set("until untill till til")
SPAN_FILLERS = _set("for about approx approximately around roughly now")
PLACE_FILLERS = _set("at in to for with is")
NOT_LENGTH_BEFORE = _set("at from since after")
PIN_LINKS = _set("is no number code")
ORDERS_WITH_PIN = _set("done safe false")

# A number before these, a word or more between, is a house number.
STREET_WORDS = _set(
    "st str street rd road ave av avenue ln lane cl close drive crescent cres terrace ter "
    "gardens gdns grove mews way boulevard blvd highway hwy parade broadway walk row square sq "
    "wharf quay wynd"
)
# These stand before the name, as Welsh streets do, or alone.
STREET_STARTS = _set("heol ffordd stryd lon maes rhodfa clos cwrt broadway strand parade highway")
# After a number of minutes comes one of these, never after a house number.
NO_HOUSE_BEFORE = _set(
    "mr mrs ms miss mx dr prof flat apartment apt unit room care nursing residential client "
    "patient no"
)
