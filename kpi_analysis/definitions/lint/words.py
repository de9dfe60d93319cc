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
        "seamless seamlessly smooth smoothly joined-up integrated holistic balanced fair fairly"
    ),
    "Better than what, and in what way?": (
        "better best improved improving enhanced enhance optimised optimized optimal optimum "
        "maximised maximum leading world-class best-in-class outstanding excellent "
        "excellence superior great good exceptional"
    ),
    "Which effect, on whom?": (
        "effective effectively effectiveness efficient efficiently efficiency impactful impact "
        "productive productivity performance value-for-money cost-effective"
    ),
    "What would those who use it say is right about it?": (
        "quality high-quality robust reliable reliability resilient resilience sound strong "
        "comprehensive professional professionally"
    ),
    "Within how many hours or days?": (
        "timely timeliness prompt promptly responsive responsiveness quickly swiftly agile "
        "proactive proactively"
    ),
    "What would people say or do that shows it?": (
        "engaged engagement empowered empowerment satisfied satisfaction wellbeing well-being "
        "motivated culture valued inclusive person-centred customer-centric customer-focused "
        "delighted"
    ),
    "What stays the same in ten years, and how would one notice?": (
        "sustainable sustainably sustainability innovative innovation transformational "
        "transformed modern strategic strategically dynamic flexible flexibility vibrant "
        "synergy digital-first"
    ),
}
WEASELS = {
    word: question for question, words in _HOW_WOULD_ONE_SEE.items() for word in words.split()
}

# What people do, rather than what comes of it, at the start of a sentence.
ACTION_VERBS = listed(
    "achieve adopt align apply assess attract automate benchmark build carry champion clarify "
    "collaborate commission communicate complete conduct consolidate consult continue "
    "coordinate create cut decrease define deliver deploy design determine develop digitise "
    "drive educate embed employ enable encourage enforce engage enhance ensure establish "
    "evaluate examine execute expand explore facilitate finalise finish foster fulfil gather "
    "generate grow identify implement improve increase initiate integrate introduce invest "
    "investigate launch lead leverage lower maintain make manage maximise measure migrate "
    "minimise modernise monitor offer optimise organise perform pilot prepare prevent procure "
    "produce promote provide publish purchase pursue raise recruit redesign reduce refresh "
    "renew replace restructure review revise roll run scale secure set simplify standardise "
    "start streamline strengthen sustain tackle transform update upgrade upskill use utilise "
    "write maximize minimize optimize modernize organize standardize digitize finalize "
    "utilize"
)
# These are nouns too: they count as actions only before an object.
DOUBTFUL_VERBS = listed(
    "train support report plan market audit research test focus change hire buy work process "
    "track target fund program answer document"
)
# Things that are made or written on the way, not results.
DELIVERABLES = listed(
    "strategy strategies policy policies framework frameworks plan plans programme programmes "
    "program programs project projects roadmap toolkit toolkits initiative initiatives "
    "workshop workshops action-plan business-case crm erp dashboard dashboards guideline "
    "guidelines"
)

# Finite verbs of sentences about how things are; enough to tell one clause from two.
FINITE_VERBS = listed(
    "is are was were be become becomes has have had can could will would may must do does did "
    "get gets go goes feel feels know knows wait waits arrive arrives receive receives find "
    "finds live lives stay stays leave leaves return returns recover recovers pay pays trust "
    "trusts use uses reach reaches need needs meet meets see sees hear hears sleep sleeps "
    "catch catches fall falls run runs hold holds keep keeps take takes come comes make makes "
    "give gives spend spends learn learns pass passes rise rises drop drops enjoy enjoys "
    "understand understands want wants remain remains grow grows improve improves say says "
    "achieve achieves cost costs lose loses win wins save saves speak speaks complain "
    "complains recommend recommends miss misses share shares"
)

# What a measure's name must hold: how its value comes from the cases.
STATISTICS = listed(
    "number count percentage percent proportion share average mean median percentile rate "
    "total ratio sum quartile minimum maximum range per"
)
TIME_UNITS = listed(
    "second seconds minute minutes hour hours day days week weeks month months year years "
    "night nights shift shifts"
)

# Things that are done rather than achieved: counting them counts effort.
ACTIVITIES = listed(
    "meeting meetings training trainings course courses session sessions workshop workshops "
    "visit visits email emails e-mails report reports newsletter newsletters campaign "
    "campaigns presentation presentations audit audits inspection inspections leaflet "
    "leaflets post posts event events policies walkarounds briefings seminars initiatives "
    "interventions contacts assessments appraisals questionnaires consultations"
)
GOOD_NEWS = listed(
    "compliment compliments award awards accolades praise thanks testimonials success "
    "successes satisfied happy delighted thank-you five-star five-stars promoters likes "
    "applause achievements"
)
PEOPLE = listed(
    "agent agents employee employees operator operators worker workers nurse nurses doctor "
    "doctors surgeon surgeons clinician clinicians consultant consultants teacher teachers "
    "driver drivers handler handlers adviser advisers advisor advisors officer officers "
    "caseworker caseworkers technician technicians salesperson salespeople individual "
    "individuals person staff colleague colleagues assembler assemblers packer packers "
    "manager managers cashier cashiers engineer engineers rep reps"
)
# Offices that keep figures rather than do the work.
OFFICES = (
    "head office", "headquarters", "business intelligence", "performance team", "analytics",
    "human resources", "information department", "it department", "finance department",
    "quality department", "consultancy", "programme office", "pmo", "data team", "reporting team",
)  # fmt: skip
OFFICE_WORDS = frozenset({"bi", "hr", "it", "kpi"})
