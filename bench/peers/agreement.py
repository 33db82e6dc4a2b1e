"""Whether all that are measured do the same: what they answer to the same requests, good and bad."""

import json
import urllib.error
import urllib.request

TIMES = ("bookingTime", "date")
IDS = ("bookingId",)  # a refused request may use one up


def ask(server, path, body, **fields):
    """(status, the answer; of a refusal its code)."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    asked = urllib.request.Request(server.address + path, text,
                                   {"Content-Type": "application/json", **fields})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, comparable(json.load(answer))
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)["code"]


def comparable(answer):
    """Where a time belongs, how many numbers it has; for a new id, its type."""
    if isinstance(answer, dict):
        return {k: len(v) if k in TIMES else type(v) if k in IDS else comparable(v)
                for k, v in answer.items()}
    return [comparable(v) for v in answer] if isinstance(answer, list) else answer


def answers(server, first, second):
    """To what two buyers, "user token seat" each, ask."""
    user, token, seat = first.split()
    other, others_token, others_seat = second.split()

    def book(who, by, seats, option=1):
        fields = {"Queue-Token": by} if by else {}
        return ask(server, "/mock/booking",
                   {"userId": who, "concertOptionId": option, "seats": seats}, **fields)

    def charge(who, amount):
        return ask(server, "/mock/balance", {"userId": who, "balance": amount})

    return {
        "a booking": book(user, token, seat),
        "a seat taken": book(other, others_token, seat),
        "another's token": book(other, token, others_seat),
        "no token": book(other, None, others_seat),
        "an unknown token": book(other, "x", others_seat),
        "an unknown option": book(other, others_token, others_seat, 99),
        "an unknown seat": book(other, others_token, "A_99999"),
        "a malformed seat": book(other, others_token, "A-1"),
        "a seat twice": book(other, others_token, f"{others_seat},{others_seat}"),
        "one of two taken": book(other, others_token, f"{seat},{others_seat}"),
        "the other of them": book(other, others_token, others_seat),
        "a charge": charge(user, 1),
        "the same at once": charge(user, 1),
        "another": charge(user, 2.5),
        "nobody's wallet": charge("nobody", 1),
        "three decimals": charge(user, 0.001),
        "a negative charge": charge(user, -1),
        "text for an amount": charge(user, "5"),
        "too much": charge(user, 1e9),
        "half a body": ask(server, "/mock/balance", b"{"),
    }


def differences(ours, theirs):
    return [f"{what}: {theirs[what]}, ours {ours[what]}" for what in ours
            if ours[what] != theirs[what]]
