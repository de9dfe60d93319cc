"""One measure judged: variation at the latest point, capability, what is owed, what holds back."""

import pytest

import kpi_analysis as kpi
from kpi_analysis.review import wording
from kpi_analysis.review.pack_wording import answer_words
from kpi_analysis.review.team_review import traded

# 24 values of average 11 whose neighbours differ by 2, 3, 4, 3, ..., by 3 on average: the limits
# are 11 - 2.66 x 3 = 3.02 and 11 + 2.66 x 3 = 18.98.
CALM = [10, 12, 9, 13] * 6


def test_limits_come_from_the_first_24_points(make):
    review = make.measure([*CALM, 10, 40]).one()
    last = review.points.iloc[-1]
    assert last["centre"] == pytest.approx(11)
    assert last["upper_limit"] == pytest.approx(18.98)
    assert int(review.points["in_baseline"].sum()) == 24


def test_a_value_beyond_the_limit_on_the_bad_side_is_a_red_that_is_owed(make):
    review = make.measure([*CALM, 20]).one()
    assert (review.variation, review.verdict.id) == ("concern", "getting_worse")
    assert review.verdict.red
    assert review.answer.response == "owed"
    assert wording.detail(review) == "Jan 2025 above the upper limit"
    assert wording.response_words(review) == "No response recorded"


def test_the_same_value_on_the_good_side_is_an_improvement_and_owes_nothing(make):
    review = make.measure([*CALM, 20], better="higher").one()
    assert (review.variation, review.answer.response) == ("improving", "none")


def test_where_neither_way_is_better_it_changed(make):
    review = make.measure([*CALM, 20], better="neutral", target={"value": 5}).one()
    assert review.verdict.id == "changed"
    assert (review.capability, review.verdict.red) == ("none", False)


def test_a_single_miss_of_a_hit_or_miss_target_is_never_red(make):
    review = make.measure([*CALM, 14], target={"value": 12}).one()
    assert review.capability == "hit_or_miss"
    assert not review.verdict.red
    assert review.answer.response == "none"


@pytest.mark.parametrize(
    ("target", "capability", "verdict"),
    [(19, "pass", "winning_steady"), (12, "hit_or_miss", "steady_hit_or_miss"),
     (3, "fail", "losing_steadily")],
)  # fmt: skip
def test_a_quiet_process_against_its_target(make, target, capability, verdict):
    review = make.measure([*CALM, 11], target={"value": target}).one()
    assert (review.variation, review.capability, review.verdict.id) == ("none", capability, verdict)


def test_an_earlier_signal_stays_owed_when_the_latest_point_is_quiet(make):
    review = make.measure([*CALM, 20, 11, 10]).one()
    assert review.variation == "none"
    assert not review.verdict.red
    assert review.answer.response == "owed"
    said = "No response recorded to the signal of January 2025"
    assert wording.response_words(review) == said


@pytest.mark.parametrize("period", ["2025-02", "2025-05"])  # one value is late; four are
def test_a_value_that_is_missing_answers_no_signal(make, period):
    make.measure([*CALM, 20])
    review = make.one(period)
    assert (review.variation, review.answer.response) == ("not_judged", "owed")
    assert not review.verdict.red
    assert "not judged 1. Responses owed: 1" in make.review(period).headline
    make.log("actions", ACTIONS.format(team="alpha", opened="2025-01-20", closed=""))
    assert make.one(period).answer.response == "recorded"


@pytest.mark.parametrize(
    "values", [[*CALM[:-1], "x", 20], [10] * 24 + [20]], ids=["a fault", "too few distinct values"]
)
def test_figures_in_doubt_owe_nothing(make, values):
    review = make.measure(values).one("2025-02")
    assert (review.variation, review.answer.response) == ("not_judged", "none")


ACTIONS = """
    id,team,measure,opened,countermeasure,owner,closed,expected,happened,learned
    a1,{team},late,{opened},Second sorting run,depot lead,{closed},fewer,as many,try earlier
"""


@pytest.mark.parametrize(
    ("team", "opened", "response"),
    [
        ("alpha", "2025-01-20", "recorded"),  # since the signal began
        ("", "2025-02-01", "recorded"),  # about the measure wherever it is used
        ("alpha", "2024-12-31", "owed"),  # before it began: it answers something else
    ],
)
def test_an_action_opened_since_the_signal_answers_it(make, team, opened, response):
    make.measure([*CALM, 20, 11])
    make.log("actions", ACTIONS.format(team=team, opened=opened, closed=""))
    assert make.one().answer.response == response


def test_a_signal_that_begins_anew_wants_an_answer_of_its_own(make):
    make.measure([*CALM, 20, 11, 10, 21])
    make.log("actions", ACTIONS.format(team="alpha", opened="2025-01-20", closed=""))
    answer = make.one().answer
    assert [bool(one.answered_by) for one in answer.demands] == [True, False]
    assert answer.response == "owed"


@pytest.mark.parametrize(("closed", "response"), [("", "recorded"), ("2024-09-01", "owed")])
def test_a_target_predictably_missed_is_answered_while_an_action_is_open(make, closed, response):
    make.measure([*CALM, 11], target={"value": 3})
    make.log("actions", ACTIONS.format(team="alpha", opened="2024-06-01", closed=closed))
    assert make.one().answer.response == response


LONG_AGO = [*CALM, 20, *CALM, *CALM[:6]]  # outside in January 2025, then 30 quiet months


def test_age_answers_no_signal(make):
    review = make.measure(LONG_AGO).one()
    assert (str(review.period), review.variation, review.answer.response) == (
        "2027-07", "none", "owed")  # fmt: skip
    said = "No response recorded to the signal of January 2025"
    assert wording.response_words(review) == said
    assert answer_words(review) == (
        "One action, or a limit change with its reason, answers the earlier signal."
    )


@pytest.mark.parametrize(
    ("opened", "response"),
    [("2025-01-01", "recorded"), ("2027-08-09", "recorded"), ("2024-12-31", "owed")],
)
def test_an_action_since_a_signal_of_long_ago_answers_it_whenever_it_was_opened(
    make, opened, response
):
    make.measure(LONG_AGO).log("actions", ACTIONS.format(team="alpha", opened=opened, closed=""))
    assert make.one().answer.response == response


@pytest.mark.parametrize(("since", "response"), [("2025-02", "none"), ("2023-01", "owed")])
def test_a_limit_change_after_a_signal_of_long_ago_explains_it(make, since, response):
    row = f"alpha,late,{since},two depots merged,depot lead"
    make.measure(LONG_AGO).log("limit_changes", f"team,measure,from,reason,by\n{row}\n")
    assert make.one().answer.response == response


def test_one_action_answers_all_signals_before_it(make):
    make.measure([*CALM, 20, *CALM, 21, 11])
    review = make.one()
    assert len(review.answer.owed) == 2
    said = "No response recorded since the signal of January 2025"
    assert wording.response_words(review) == said
    assert answer_words(review).endswith("answers all earlier signals.")
    make.log("actions", ACTIONS.format(team="alpha", opened="2027-02-10", closed=""))
    assert make.one().answer.response == "recorded"
    assert answer_words(make.one()) == ""


def test_a_red_says_since_when_an_earlier_signal_waits_too(make):
    review = make.measure([*CALM, 20, *CALM, 21]).one()
    assert review.verdict.red
    said = "No response recorded since the signal of January 2025"
    assert wording.response_words(review) == said
    assert answer_words(review) == ""


def test_a_recorded_limit_change_starts_new_limits_and_explains_what_was_before(make):
    make.measure([*CALM, 20, *[30, 32, 29, 33] * 3])
    assert make.one().answer.response == "owed"
    make.log(
        "limit_changes",
        """
        team,measure,from,reason,known,expected_to_last,by,on
        alpha,late,2025-02-01,two depots merged,true,true,depot lead,2025-03-01
        """,
    )
    review = make.one()
    assert list(review.points["segment"].unique()) == [0, 1]
    assert review.points["centre"].iloc[-1] == pytest.approx(31)
    assert (review.variation, review.answer.response) == ("none", "none")


def test_after_a_limit_change_six_values_are_needed(make):
    make.measure([*CALM, 30, 32, 30])
    make.log(
        "limit_changes",
        "team,measure,from,reason,by\nalpha,late,2025-01,two depots merged,depot lead\n",
    )
    review = make.one()
    assert review.verdict.id == "not_judged"
    assert review.held_back == ("3 of at least 6 values",)


@pytest.mark.parametrize("n", [1, 5])
def test_below_six_values_nothing_is_judged(make, n):
    review = make.measure(CALM[:n]).one()
    assert (review.variation, review.verdict.id) == ("not_judged", "not_judged")
    assert not review.points["upper_limit"].notna().any()


def test_from_six_values_on_limits_are_provisional_and_said_to_be(make):
    review = make.measure(CALM[:6]).one()
    assert review.variation == "none"
    assert review.remarks == ("provisional limits: 6 of 12 values",)


def test_no_value_at_the_review_period_is_said_and_not_judged(make):
    review = make.measure(CALM).one("2025-02")
    assert review.held_back[0] == "no value for February 2025 yet"
    assert len(review.points) == 26
    assert review.answer.response == "none"


def test_a_review_of_the_past_does_not_see_what_came_later(make):
    make.measure([*CALM, 20])
    then, later = make.one("2024-12"), make.one("2025-01")
    assert (then.variation, later.variation) == ("none", "concern")
    assert len(then.points) == 24


def test_three_of_the_last_twelve_missing_holds_the_verdict_back(make):
    values = [*CALM, 20]
    for position in (-3, -5, -7):
        values[position] = None
    assert make.measure(values).one().held_back == ("3 of 12 periods missing",)


def test_a_faulty_series_is_held_back_with_the_fault_and_others_are_judged(make):
    make.measure([*CALM, 20])
    make.measure(CALM, id="lost")
    file = make.root / "values" / "alpha-lost.csv"
    file.write_text(file.read_text() + "alpha,lost,2024-12,9\n")
    reviews = {one.measure.id: one for one in make.review().measures}
    assert reviews["late"].variation == "concern"
    assert reviews["lost"].verdict.id == "not_judged"
    assert "values/alpha-lost.csv:26" in reviews["lost"].held_back[0]


def test_mixed_patterns_are_unsettled(make):
    values = [*CALM, 18, 17, 16, 15, 14, 13, 12]  # above the average, and falling
    review = make.measure(values, chart={"rules": "mdc"}).one()
    assert review.variation == "mixed"
    assert review.verdict.id == "unsettled"
    assert {one.tone.value for one in review.current} == {"improvement", "concern"}


def test_small_denominators_are_held_back(make):
    make.measure([], calculation={"statistic": "percentage", "numerator": "late",
                                  "denominator": "sent"})  # fmt: skip
    rows = [f"alpha,late,2024-{month:02},1,{8 if month == 3 else 40}" for month in range(1, 13)]
    text = "\n".join(["team,measure,period,numerator,denominator", *rows]) + "\n"
    (make.root / "values" / "alpha-late.csv").write_text(text)
    review = make.one()
    assert review.points["value"].isna().tolist() == [n == 2 for n in range(12)]
    assert "1 value held back: fewer than 10 cases" in review.remarks


@pytest.mark.parametrize(("rules", "variation"), [("wheeler", "none"), ("mdc", "concern")])
def test_rules_of_the_workspace_and_of_the_call(make, rules, variation):
    make.measure([*CALM, 12, 13, 12.5, 13.5, 12, 13])  # seven above average in a row
    assert make.one(rules=rules).variation == variation
    (make.root / "kpi.yml").write_text(f"rules: {rules}\n")
    assert make.one().variation == variation


def test_the_baseline_is_settable_for_the_workspace_and_for_a_measure(make):
    values = [*CALM[:12], *[20, 22, 19, 23] * 4]
    (make.root / "kpi.yml").write_text("baseline: 12\n")
    assert make.measure(values).one().points["centre"].iloc[-1] == pytest.approx(11)
    chart = {"baseline": {"points": 6, "from": "2024-01-01"}}
    assert make.measure(values, chart=chart).one().points["centre"].iloc[-1] == pytest.approx(21)


def test_weekly_measures_are_read_at_the_last_week_that_ended_in_the_month(make):
    make.measure(CALM, start="2024-W40", frequency="week")
    review = make.one("2025-01")
    assert str(review.period) == "2025-W04"  # week 5 ends on 2 February
    assert str(make.one("2025-W02").period) == "2025-W02"


def test_unknown_names_are_told(make):
    make.measure(CALM)
    with pytest.raises(
        kpi.KpiError, match="team 'alpa' is not in this workspace: did you mean 'alpha'"
    ):
        make.review(teams=["alpa"])
    with pytest.raises(kpi.KpiError, match="no rule set is called 'weeler'"):
        make.review(rules="weeler")


def test_better_while_a_guard_gets_worse_asks_about_the_trade(make):
    make.measure([*CALM, 2], guards=["complaints"]).measure([*CALM, 20], id="complaints")
    team = make.review()
    reviews = {one.measure.id: one for one in team.measures}
    words = wording.trade_words(traded(reviews["late"], team.measures))
    assert "Percentage of complaints parcels, by month" in words
    assert traded(reviews["complaints"], team.measures) == ()


def test_a_lasting_run_proposes_new_limits_and_moves_none(make):
    review = make.measure([*CALM, *[4, 6, 5, 7] * 3]).one()
    assert review.proposal.first == 24
    assert review.proposal.centre == pytest.approx(5.5)
    assert review.points["centre"].iloc[-1] == pytest.approx(11)
    assert wording.proposal_words(review).startswith("New limits could start in January 2025")
    assert make.measure(CALM).one().proposal is None


def test_days_owed_count_from_the_period_that_first_showed_the_signal(make):
    """13, 14, 14 ... above 11 since December: eight in a row are there in July, not before."""
    (demand,) = make.measure([*CALM, *[14] * 9]).one("2025-09").answer.demands
    assert (str(demand.since), str(demand.shown_on)) == ("2024-12-01", "2025-07-31")
    assert make.one("2025-06").answer.demands == ()
    (outside,) = make.measure([*CALM, 20, 11]).one("2025-02").answer.demands
    assert (str(outside.since), str(outside.shown_on)) == ("2025-01-01", "2025-01-31")


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2025-01", "Owed by depot lead within 10 days: walk the work"),
        ("2025-02", "Owed by depot lead within 10 days, for 28 days now: walk the work"),
    ],
)
def test_who_owes_a_response_and_for_how_long(make, period, said):
    rule = {"who": "depot lead", "within_days": 10, "first_step": "walk the work"}
    one = make.measure([*CALM, 20, 11], response={"signal_of_concern": rule}).one(period)
    assert wording.owed_words(one, kpi.Period.parse(period).end) == said


def test_the_board_has_reds_then_improvements_then_what_is_steady(make):
    make.measure([*CALM, 11], id="a-steady", target=25).measure([*CALM, 2], id="b-better")
    make.measure([*CALM, 20], id="c-worse").measure([*CALM, 11], id="d-plain")
    order = [one.measure.id for one in make.review("2025-01").measures]
    assert order == ["c-worse", "b-better", "a-steady", "d-plain"]


@pytest.mark.parametrize(
    ("value", "said"), [(95, "≤95"), (2.2e9, "≤2,200,000,000"), (0.00005, "≤0.00005"), (-3, "≤−3")]
)
def test_a_target_is_written_out_never_as_a_power_of_ten(make, value, said):
    one = make.measure(CALM, target={"value": value}).one()
    assert wording.target_number(one.target, one.measure) == said


@pytest.mark.parametrize(
    ("statistic", "low"), [("count", "0"), ("rate", "0"), ("percentage", "0"), ("mean", "−")]
)
def test_limits_shown_never_pass_the_natural_end_of_the_unit(make, statistic, low):
    one = make.measure([0, 2, 1, 9] * 6, calculation={"statistic": statistic}).one()
    assert wording.limits_words(one).startswith(low)
