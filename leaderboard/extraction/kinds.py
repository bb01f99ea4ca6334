"""What a number is: a score, a gain, a cost, or no result at all, from its form and the cues around it."""

from __future__ import annotations

from leaderboard.extraction import data
from leaderboard.extraction.analysis import Analysis
from leaderboard.extraction.values import Value

KINDS = ("none", "score", "gain", "cost")


def shape(value: Value) -> str:
    """The form of a number, as a rule sees it."""
    if value.thousands:
        return "thousands"
    if value.decimals == 0:
        number = value.number
        if 1900 <= number <= 2030 and value.unit_class == "none":
            return "year"
        return "digit" if number < 10 else "integer" if number < 100 else "hundred" if number == 100 else "large"
    if value.number < 1:
        return "fraction"
    if value.number < 10:
        return f"d.{'d' if value.decimals == 1 else 'dd'}"
    return f"dd.{'d' if value.decimals == 1 else 'dd'}" if value.number < 100 else "ddd.d"


def _bucket(distance: int) -> str:
    return str(distance) if distance <= 3 else "4-6" if distance <= 6 else "7-12" if distance <= 12 else "far"


def features(a: Analysis, index: int, previous: str, previous_token: int) -> list[str]:
    """The conditions that hold for a value.

    Args:
        a: the text.
        index: the value's order in it.
        previous: the kind of the value before it in the same sentence ("start" for the first).
        previous_token: the token of that value, -1 for none.
    """
    token = a.value_tokens[index]
    value = a.tokens.value[token]
    assert value is not None
    group = a.groups[index]
    labels, lower = a.labels, a.tokens.lower
    sentence = a.tokens.sentence[token]
    first, last = a.sentence_tokens[sentence]
    unit, form = value.unit_class, shape(value)
    out = [f"u={unit}", f"f={form}", f"u={unit}|f={form}"]
    if value.sign:
        out.append(f"sign={value.sign[0]}")
        out.append(f"sign={value.sign[0]}|u={unit}")
    if value.modifier:
        out.append("modifier")
    if value.error is not None:
        out.append("error")
    if value.low_of_range or value.high_of_range:
        out.append("range")
    if token < len(labels) and labels[token] in ("D", "X"):
        out.append("in_name")
    if unit not in ("none", "percent"):
        out.append(f"unit={value.unit}")
    before = [labels[k] if k >= first else "^" for k in (token - 1, token - 2, token - 3)]
    after = [labels[k] if k < last else "$" for k in (token + 1, token + 2, token + 3)]
    left, right = group[0], group[-1]
    group_before = (
        [labels[k] if k >= first else "^" for k in (left - 1, left - 2, left - 3)] if left != token else before
    )
    group_after = (
        [labels[k] if k < last else "$" for k in (right + 1, right + 2, right + 3)] if right != token else after
    )
    for k in range(3):
        out.append(f"L{k + 1}={group_before[k]}")
        out.append(f"R{k + 1}={group_after[k]}")
    out.append(f"L12={group_before[1]} {group_before[0]}")
    out.append(f"R12={group_after[0]} {group_after[1]}")
    out.append(f"LR={group_before[0]} # {group_after[0]}")
    out.append(f"u={unit}|L1={group_before[0]}")
    out.append(f"u={unit}|R1={group_after[0]}")
    out.append(f"u={unit}|L2={group_before[1]}")
    if len(group) > 1:
        out += ["listed", f"listed|own L1={before[0]}", f"listed|R1={after[0]}"]
    out.append(f"R1word={lower[right + 1] if right + 1 < last else '$'}")
    # The nearest metric on each side.
    metric_left = metric_right = None
    for metric in a.metrics:
        if a.tokens.sentence[metric.first] != sentence:
            if a.tokens.sentence[metric.first] > sentence:
                break
            continue
        if metric.last <= left + 1 and metric.first < left:
            metric_left = metric
        elif metric.first > right and metric_right is None:
            metric_right = metric
    if metric_left:
        distance = _bucket(left - metric_left.last)
        out.append(f"ML={distance}")
        out.append(f"ML={distance}|{metric_left.strength}|u={unit}")
        out.append(f"MLhead={lower[metric_left.name_last - 1]}|u={unit}")
        if left - metric_left.last <= 3:
            out.append("ML~" + " ".join(lower[metric_left.last : left]))
    if metric_right:
        distance = _bucket(metric_right.first - right - 1)
        out.append(f"MR={distance}")
        out.append(f"MR={distance}|{metric_right.strength}|u={unit}")
        out.append(f"MRhead={lower[metric_right.name_last - 1]}|u={unit}")
        if metric_right.first - right <= 4:
            out.append("MR~" + " ".join(lower[right + 1 : metric_right.first]))
        near_after = metric_right.last
        if metric_right.first - right <= 2 and near_after < last:
            out.append(f"MRnext={lower[near_after]}")
    if not metric_left and not metric_right:
        out.append("no_metric")
    # The nearest cue of each class on each side.
    left_cues: dict[str, int] = {}
    right_cues: dict[str, int] = {}
    for cue, cue_first, cue_last in a.cues(sentence):
        if cue_last <= left:
            left_cues[cue] = left - cue_last
        elif cue_first > right:
            right_cues.setdefault(cue, cue_first - right - 1)
    nearest = ("", 99)
    for cue, distance_left in left_cues.items():
        bucket = _bucket(distance_left)
        out.append(f"<{cue}={bucket}")
        if bucket != "far":
            out.append(f"<{cue}|u={unit}")
        if (
            cue in ("gain_verb", "loss_verb", "gain_noun", "achieve_verb", "comparative", "cost_verb")
            and distance_left < nearest[1]
        ):
            nearest = (cue, distance_left)
    if nearest[0]:
        out.append(f"<nearest={nearest[0]}")
        out.append(f"<nearest={nearest[0]}|L1={group_before[0]}")
        out.append(f"<nearest={nearest[0]}|u={unit}|R1={group_after[0]}")
    for cue, distance_right in right_cues.items():
        bucket = _bucket(distance_right)
        out.append(f">{cue}={bucket}")
        if distance_right <= 3:
            out.append(f">{cue}|u={unit}")
    # The word that governs the number, over amounts: "outperforms it by (an average of about) 10.9 points".
    k = left - 1
    amounts = data.grammar().amount_words
    while k > first and lower[k] in amounts:
        k -= 1
    lead = labels[k] if k >= first else "^"
    out += [f"lead={lead}", f"lead={lead}|u={unit}", f"lead={lead}|{nearest[0]}"]
    depth = 0
    for k in range(first, token):
        depth += (lower[k] == "(") - (lower[k] == ")")
    if depth > 0:
        out.append("parenthesis")
        out.append(f"parenthesis|u={unit}|f={form}")
    if group_before[0] == "from" or (group_before[0] in ("about", "only", "around") and group_before[1] == "from"):
        out.append("from#")
    if group_before[0] == "to" and "from" in lower[max(first, left - 8) : left]:
        out.append("from..to#")
        out.append(f"from..to#|u={unit}")
    if a.title_end and a.tokens.end[token] <= a.title_end:
        out.append("title")
    gap = "" if previous_token < 0 else _bucket(token - previous_token - 1)
    out.append(f"prev={previous}")
    out.append(f"prev={previous}|L1={group_before[0]}")
    if gap:
        # Numbers that are written alike are mostly of one kind ("Fear (0.73), Anger (0.78)").
        other = a.tokens.value[previous_token]
        assert other is not None
        alike = (
            ("u" if other.unit_class == unit else "")
            + ("L" if previous_token > first and labels[previous_token - 1] == before[0] else "")
            + ("s" if bool(other.sign) == bool(value.sign) else "")
        )
        out.append(f"prev={previous}|alike={alike}")
        out.append(f"prev={previous}|gap={gap}|u={unit}")
        if len(group) > 1 and previous_token in group:
            out.append(f"prev={previous}|list")
    if sentence == len(a.spans) - 1:
        out.append("last_sentence")
    return out
