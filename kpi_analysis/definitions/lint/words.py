"""Word lists of the design check: our own, written for this check.

Lists hold lower-case words. They are heuristics: a finding can be silenced with a reason.
"""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    """Give the words of a list that is written as one text."""
    return frozenset(words.split())


# Words that two people picture differently, and the question that makes them plain.
_HOW_WOULD_ONE_SEE = {
    "What would one see if it were so?": (
        "appropriate appropriately adequate adequately suitable suitably proper properly "
        "reasonable reasonably acceptable satisfactory sufficient sufficiently fit-for-purpose "
        "seamless seamlessly joined-up integrated holistic meaningful meaningfully "
        "successful successfully"
    ),
    "Better than what, and in what way?": (
        "best enhanced optimised optimized optimal optimum "
        "maximised maximum optimally best-practice leading world-class best-in-class outstanding "
        "excellent excellence superior good exceptional state-of-the-art cutting-edge extra-mile"
    ),
    "Which effect, on whom?": (
        "effective effectively effectiveness efficient efficiently efficiency impactful impact "
        "productive productivity performance value-for-money cost-effective "
        "value-added added-value value-add make-a-difference potential"
    ),
    "What would those who use it say is right about it?": (
        "quality high-quality robust reliable reliability resilient resilience "
        "comprehensive professional professionally"
    ),
    "Within how many hours or days?": (
        "timely timeliness prompt promptly responsive responsiveness agile proactive proactively"
    ),
    "What would people say or do that shows it?": (
        "engaged engagement empowered empowerment satisfied satisfaction wellbeing well-being "
        "valued inclusive person-centred customer-centric customer-focused "
        "delighted happy pleased"
    ),
    "What stays the same in ten years, and how would one notice?": (
        "sustainable sustainably sustainability innovative innovation transformational "
        "transformed strategic strategically dynamic flexible flexibility vibrant "
        "synergy digital-first digital-by-default continuous-improvement mature maturity our-values"
    ),
}
WEASELS = {
    word: question for question, words in _HOW_WOULD_ONE_SEE.items() for word in words.split()
}
# Before one of these the word belongs to a thing with a name: "quality control".
THINGS_WITH_A_NAME = listed(
    "control check checks assurance inspector inspectors reject rejects letter letters bond "
    "bonds review reviews hearing hearings test tests code codes drainage date dates circuit "
    "circuits grant grants ring rings adult adults adjustment adjustments hose hoses hall halls "
    "indemnity licence licences load loads"
)

# What people do, rather than what comes of it, at the start of a sentence.
ACTION_VERBS = listed(
    "achieve adopt align apply assess attract automate build clarify collaborate commission "
    "communicate consolidate consult continue coordinate create define deliver deploy "
    "determine develop digitise educate embed enable encourage enforce engage enhance ensure "
    "establish evaluate examine execute expand explore facilitate finalise foster fulfil "
    "generate identify implement improve initiate integrate introduce invest investigate "
    "leverage maintain make manage maximise migrate minimise modernise monitor optimise "
    "organise perform prepare prevent provide publish pursue recruit redesign reduce refresh "
    "renew replace restructure revise simplify standardise streamline strengthen sustain "
    "tackle transform upgrade upskill utilise maximize minimize optimize modernize organize "
    "standardize digitize finalize utilize accelerate boost cultivate eliminate empower eradicate "
    "extend intensify mobilise nurture prioritise rationalise reinforce reshape stabilise "
    "stimulate unlock widen"
)
# These are nouns too: they count as actions only before an object.
DOUBTFUL_VERBS = listed(
    "answer audit benchmark buy champion change complete conduct cut decrease design document "
    "drive employ finish focus fund hire increase launch lead lower market measure offer "
    "pilot plan process procure produce program promote purchase report research review run "
    "scale set start support target test track train update use work write hold keep give "
    "make send put bring win get install open close move switch join help stop spend teach "
    "tell show ask visit call host roll grow gather secure carry raise fix repair save clean "
    "bid engage form merge relocate shift"
)
# Things that are made or written on the way, not results.
DELIVERABLES = listed(
    "strategy strategies policy policies framework frameworks plan plans programme programmes "
    "program programs project projects roadmap toolkit toolkits initiative initiatives "
    "workshop workshops action-plan business-case crm erp dashboard dashboards guideline "
    "guidelines portal app website platform database software charter module intranet "
    "relocation refurbishment migration merger handbook manual system"
)

# Finite verbs of sentences about how things are; enough to tell one clause from two.
FINITE_VERBS = listed(
    "is are was were be become becomes has have had can could will would may must do does did "
    "get gets go goes feel feels know knows wait arrive arrives receive receives find finds "
    "live stay stays leave return recover recovers pay pays trust use reach reaches need meet "
    "meets see sees hear hears sleep sleeps catch catches fall run hold holds keep keeps take "
    "takes come comes make makes give gives spend spends learn learns pass rise drop enjoy "
    "enjoys understand understands want wants remain remains grow grows improve improves say "
    "says achieve achieves cost lose loses win wins save saves speak speaks complain "
    "complains recommend recommends miss misses share eat eats choose chooses breathe "
    "breathes survive survives die dies sell sells buy buys suffer suffers vote votes ride "
    "rides sit sits stand stands swim swims read reads write writes thrive thrives attend "
    "attends publish publishes carry carries bring brings follow follows worry worries last "
    "lasts end ends match matches finish finishes close closes heal heals land lands stop "
    "stops start starts work works wear wears wake wakes walk walks drink drinks move moves "
    "show shows sound sounds settle settles hurt hurts help helps open opens answer answers "
    "ring rings ask asks tell tells play plays travel travels drive drives agree agrees "
    "decide decides respond responds pick picks borrow borrows cook cooks order orders burn "
    "burns lie lies lead leads lend lends shrink shrinks spread spreads belong belongs happen "
    "happens seem seems look looks appear appears begin begins send sends turn turns stick "
    "sticks fit fits marry graduate graduates thank thanks visit visits bear bears rest rests "
    "relax relaxes treat treats trip trips hit hits head heads cross crosses behave behaves "
    "repay repays balance balances depart departs disappear disappears exist exists earn earns "
    "feed feeds fill fills flow flows hatch hatches hide hides expect expects explain explains "
    "escape escapes deserve deserves cope copes collect collects believe believes allow allows "
    "avoid avoids accept accepts afford affords forget forgets gain gains invite invites join "
    "joins laugh laughs listen listens own owns prefer prefers produce produces protect protects "
    "qualify qualifies refuse refuses rely relies remember remembers repeat repeats retire "
    "retires succeed succeeds think thinks throw throws waste wastes grumble grumbles"
)
# Words that may stand before "a" or "the" at the start of a sentence and are no verbs.
NO_VERB_BEFORE_ARTICLE = listed(
    "all both half not such quite what many once twice only even just when while if as before "
    "after since until till than that because though although whenever wherever in on at by for "
    "from to of with within without under over above below near behind between among across "
    "through during about around against along beside inside outside past per and or but nor so "
    "yet whether where how who whose which is are was were be being been has have had do does did "
    "can could will would shall should may might must throughout despite except like unlike"
)
ARTICLES = listed("a an the all every each our their its his her this these those any more")
NOUNS_IN_ING = listed(
    "spring morning evening string ring king thing ceiling during wing pudding wedding lightning "
    "sterling herring shilling sibling sling clothing earring bring nothing something anything "
    "everything building housing nursing parking lighting heating"
)
PARTICLES = listed("out up down off away")
# Some common first names that are no other word, month or town: nobody's list is complete.
FIRST_NAMES = listed(
    "adam ahmed aisha alan albert alex alice amanda amy andrea andrew angela anita ann anna anne "
    "anthony barbara ben brian carla carlos carol caroline catherine chris christine clare colin "
    "daniel david deborah diana donna edward elena elizabeth ella emily emma eric fatima fiona "
    "fred gary george gillian hannah harry heather helen henry ian irene isabel jack jacob james "
    "jan jane janet jean jennifer jessica jill joan joanna joe john jonathan joseph josh judith "
    "julia julie karen kate katherine kathleen keith kelly ken kevin laura lauren linda lisa "
    "louise lucy luke margaret maria marie martin mary matthew megan mehmet michael michelle "
    "miriam mohamed mohammed monica nadia natalie neil nicholas nicola nigel olga oliver olivia "
    "pamela patricia patrick paul paula peter philip priya rachel raj rebecca richard robert "
    "roger ruth sam samantha samuel sandra sara sarah sean sharon simon sofia sophie stephanie "
    "stephen steven stuart susan tanya teresa thomas tim tina tony tracey valerie vera wendy "
    "william yusuf"
)

TIME_UNITS = listed(
    "second seconds minute minutes hour hours day days week weeks month months year years "
    "night nights shift shifts"
)

# Things that are done rather than achieved: counting them counts effort.
ACTIVITIES = listed(
    "posts meeting meetings training trainings course courses session sessions workshop workshops "
    "visit visits email emails e-mails report reports newsletter newsletters campaign "
    "campaigns presentation presentations audit audits inspection inspections leaflet "
    "leaflets post policies walkarounds briefings seminars initiatives interventions "
    "assessments appraisals questionnaires consultations conversations conversation checks "
    "walks surveys demonstrations articles tweets videos messages forums roadshows drop-ins "
    "exercises drills events talks patrols lectures huddles webinars"
)
GOOD_NEWS = listed(
    "compliment compliments accolades praise praised thanks thanked commended testimonials "
    "success successes thank-you five-star five-stars likes applause achievements smiles "
    "commendations commendation kudos nominations plaudits tributes accolade celebrations "
    "recognition positive glowing celebrated"
)
PERSONS = listed(
    "agent employee operator worker nurse doctor surgeon clinician consultant teacher driver "
    "handler adviser advisor officer caseworker technician salesperson individual person "
    "colleague assembler packer manager cashier engineer rep typist seller tutor coach "
    "therapist analyst programmer developer clerk picker welder chef waiter cleaner carer "
    "midwife gp dentist pharmacist trainer guard buyer planner recruiter inspector solicitor "
    "lecturer author porter fitter plumber electrician joiner foreman supervisor salesman "
    "sister matron controller dispatcher courier barista stylist technologist radiographer "
    "paramedic physiotherapist physio lawyer judge accountant auditor broker underwriter "
    "assessor examiner instructor builder roofer gardener warden pilot captain conductor "
    "receptionist secretary scheduler scientist designer editor coder tester trader "
    "merchandiser volunteer leader apprentice trainee labourer loader collector postman "
    "dealer negotiator optician"
)
# Said of what was done: "letters sent". With these, what was counted is effort.
DONE_BY_US = listed(
    "held run sent made logged delivered issued given done conducted undertaken written produced "
    "published organised organized hosted performed carried attended completed"
)
# What shows a failure is worth counting, whatever failed.
FAILED = listed(
    "missed late cancelled canceled refused overdue failed lost unanswered abandoned wrong "
    "postponed repeated rejected"
)
# Offices that keep figures rather than do the work.
OFFICES = (
    "head office", "headquarters", "business intelligence", "performance team", "analytics",
    "human resources", "information department", "it department", "finance department",
    "quality department", "consultancy", "programme office", "pmo", "data team", "reporting team",
)  # fmt: skip
OFFICE_WORDS = frozenset({"bi", "hr", "it", "kpi"})
