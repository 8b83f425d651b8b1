"""Words for people, companies and subjects. Invented; some are awkward on purpose."""

from collections.abc import Iterator
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    """
    Adaeze Alicia Amir Anders Anjali Beatriz Björn Camille Carlos Chiara Dariusz Deepa Dmitri
    Eleni Emeka Erin Farah Felix Gabriela George Hana Hugo Ibrahim Ingrid Isabel Jin Joana Jörg
    Karim Katarzyna Keiko Lars Leila Liam Lucía Mateo Mei Mira Naomi Niamh Nikhil Oskar Paloma
    Pavel Quentin Rania Renée Samira Sean Sofia Svetlana Tariq Teresa Thandi Uma Viktor Wanjiru
    Xavier Yara Zainab
    """
)
LAST_NAMES = _words(
    """
    Abara Achterberg Almeida Andersson Banerjee Baptiste Becker Brennan Castillo Chen Conti
    D'Angelo Dvořák Eriksen Evans Ferrari Fischer Fontaine Gallagher García Greene Gupta Hassan
    Hoffmann Ito Ivanova Jansen Kamau Kaplan Kowalski Kumar Laurent Lindgren Lopez Mahmoud
    Marchetti McBride Mbeki Meyer Moreno Nakamura Navarro Novak O'Hara Okoye Olsen Park Petrov
    Pham Quinn Rossi Schröder Sharma Silva Sørensen Takahashi Torres Vargas Weiss Yilmaz
    """
)
JOB_TITLES = (
    "Chief Financial Officer",
    "VP Operations",
    "Head of Procurement",
    "IT Director",
    "Operations Manager",
    "Finance Manager",
    "Head of Supply Chain",
    "Systems Architect",
    "Plant Manager",
    "Office Manager",
)
_COMPANY_STARTS = _words(
    """
    Alder Amber Aurora Beacon Birch Blue Bright Cedar Clear Copper Coral Crescent Crown Delta
    Ember Evergreen Fair Falcon Fern Garnet Golden Granite Green Harbor Hazel High Iron Ivory
    Juniper Kestrel Lake Linden Maple Meadow Mill North Oak Onyx Pine Quarry River Rowan Sage
    Silver Stone Summit Thistle Union West Willow
    """
)
_COMPANY_ENDS = (
    "ridge Foods",
    "field Logistics",
    "stone Analytics",
    "gate Health",
    "point Media",
    "brook Energy",
    "wood Manufacturing",
    "view Insurance",
    "haven Hotels",
    "line Transport",
    "port Retail Group",
    "crest Capital",
    "dale Pharma",
    "light Software",
    " & Partners",
    " Robotics",
    " Dental Care",
    " Aerospace",
    " Textiles",
    " Learning",
    " Freight",
    " Ceramics",
    " Wind",
    " Optics",
    " Farms",
)
_COMPANY_KINDS = ("", " International", " Holdings")
#: Whoever shows this name unescaped calls a whole channel and prints bold.
HOSTILE_COMPANY = "Acme <!channel> & Söhne *bold*"
AWKWARD_COMPANIES = (
    "O'Malley & Daughters",
    "Müller & Söhne GmbH",
    "Crème Brûlée Bakeries",
    "Smith, Jones & Co.",
    "Ørsted Fjord Shipping",
    '"The Good Box" Packaging, Inc.',
    "D'Arcy _et al_ Consulting",
    "Łódź Précision S.A.",
    "Tom & Jerry's <Pet> Supplies",
    "`Backtick` Labs",
)
INDUSTRIES = (
    "Manufacturing",
    "Retail",
    "Transportation",
    "Healthcare",
    "Technology",
    "Insurance",
    "Hospitality",
    "Energy",
    "Media",
    "Education",
)
PRODUCTS = ("Core", "Core + Insights", "Routing", "Insights", "Platform", "Platform renewal")
LEAD_SOURCES = ("Outbound", "Referral", "Partner", "Event")
NEXT_STEPS = (
    "Send recap and pricing by {day}",
    "Demo for the operations team on {day}",
    "Security questionnaire back by {day}",
    "Walk {name} through the business case, {day}",
    "Legal redlines due {day}",
    "{name} to confirm budget by {day}",
    "Reference call on {day}",
    "Agree the mutual plan with {name} on {day}",
    "Intro to the CFO, {day}",
    "Pilot review on {day}",
)
CALL_SUBJECTS = ("Call", "Call: follow-up", "Call: qualification", "Call: next steps")
EMAIL_SUBJECTS = (
    "Email: Re: your question",
    "Email: recap of our talk",
    "Email: pricing",
    "Email: a thought on your rollout",
    "Email: checking in",
)
PROSPECTING_EMAILS = (
    "Email: idea for {company}",
    "Email: how others in your field do it",
    "Email: worth 15 minutes?",
)
MEETING_SUBJECTS = (
    "Discovery with {company}",
    "Demo: {company}",
    "{company} / Brightwater: working session",
    "Proposal review with {company}",
    "{company}: commercial terms",
)


def company_names(rng: Random) -> Iterator[str]:
    """Company names without repetition: the awkward ones sprinkled among the plain."""
    plain = [start + end for start in _COMPANY_STARTS for end in _COMPANY_ENDS]
    rng.shuffle(plain)
    for number, awkward in enumerate(AWKWARD_COMPANIES):
        plain.insert(7 + 31 * number, awkward)
    for kind in _COMPANY_KINDS:
        yield from (name + kind for name in plain)


def person_name(rng: Random) -> tuple[str, str]:
    return rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
