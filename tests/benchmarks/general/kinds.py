"""Questions of other kinds on the general set: several documents, periods, threads, languages, tables, abbreviations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with every (file, heading) that it takes to answer it."""

    question: str
    where: tuple[tuple[str, str], ...]
    answer: str
    turns: tuple[tuple[str, str], ...] = ()


H21, H22, H23 = "EmpHandbook2021.pdf", "employee_handbook_2022_v2.pdf", "EMPLOYEEHANDBOOK2023.pdf"
H24 = "emp-handbook-2024-final.pdf"
AJ300, AJ500 = "AquaJetAJ300_usermanual.pdf", "AQUAJETAJ500UM.pdf"
EMEA, AMERICAS = "TRAVELPOLICY_EMEA_FY24.pdf", "TravelPolicy-Americas-FY24.pdf"
MARCH, JUNE = "minutes_boardmtg_2024-03.pdf", "minutes_boardmtg_2024-06.pdf"
LAB, RUNBOOK, COOK, MUSEUM = (
    "labsafety_chem-bldg7.pdf",
    "netops_runbook_rev9.pdf",
    "winterkitchen.pdf",
    "MuseumGuide_HarbourHall.pdf",
)
PAPER, LEASE, BIKE, INSURANCE = (
    "sorokin2019_tidalmarsh.pdf",
    "Lease_14BWharfStreet_signed.pdf",
    "cargobikeservice.pdf",
    "homeinsPolicyWording.pdf",
)
LAGER, MEDIA = "Lagerordnung_Nord_2023.pdf", "reglement-mediatheque.pdf"
Q4, Q1, Q2 = "LanternStBakeries_Q4-2023.pdf", "LanternStBakeries_Q1-2024.pdf", "LanternStBakeries_Q2-2024.pdf"

AR22, AR23 = "HARROWINSTR_2022_AR.pdf", "HARROWINSTR_2023_AR.pdf"
INCOME, BALANCE, CASH = (
    "Consolidated Statements of Operations",
    "Consolidated Balance Sheets",
    "Consolidated Statements of Cash Flows",
)


def _both(first: str, second: str, head: str) -> tuple[tuple[str, str], ...]:
    return ((first, head), (second, head))


COMPARE = (
    Asked(
        "Compare annual leave in the 2021 and the 2024 handbook.",
        _both(H21, H24, "Annual leave"),
        "26 days and 30 days",
    ),
    Asked(
        "How did the yearly bonus change between the 2022 and 2023 handbooks?",
        _both(H22, H23, "Pay day and bonuses"),
        "from 8 percent to 9 percent",
    ),
    Asked(
        "what is the difference in spin noise between the AJ300 and the AJ500",
        _both(AJ300, AJ500, "Technical data"),
        "76 dB and 71 dB",
    ),
    Asked(
        "Which AquaJet has the longer warranty, AJ300 or AJ500?",
        _both(AJ300, AJ500, "Warranty and spare parts"),
        "24 months and 36 months",
    ),
    Asked(
        "Is the hotel limit higher in the Americas or in EMEA?",
        _both(EMEA, AMERICAS, "Hotels"),
        "185 dollars and 140 euros",
    ),
    Asked(
        "How much was in the account of the allotment society in March and in June 2024?",
        _both(MARCH, JUNE, "Money"),
        "9,410 and 7,120",
    ),
    Asked("remote days per week: 2021 vs. 2024", _both(H21, H24, "Working from home"), "1 day and 4 days"),
    Asked(
        "Did the bakeries' operating profit rise from Q1 2024 to Q2 2024?",
        _both(Q1, Q2, "Summary"),
        "from 288 to 402 thousand",
    ),
    Asked(
        "Average flour price in the fourth quarter of 2023 compared with the second quarter of 2024",
        _both(Q4, Q2, "Costs and flour"),
        "412 and 371 euros a tonne",
    ),
    Asked(
        "How many people were on the allotment waiting list in March 2024, and how many in June?",
        _both(MARCH, JUNE, "Plots and waiting list"),
        "64 and 58 people",
    ),
)

_ACROSS = (
    Asked(
        "Which had the higher operating profit in 2023, Harrow Instruments or Lantern Street Bakeries?",
        ((AR23, INCOME), (Q4, "Summary")),
        "10,620 thousand and 391 thousand",
    ),
    Asked(
        "Compare the notice periods in the 2024 employee handbook and in the Wharf Street lease.",
        ((H24, "Leaving us"), (LEASE, "Term and renewal")),
        "2 months and nine months",
    ),
    Asked(
        "time to report a damage: home insurance vs. a lost laptop under the 2024 handbook",
        ((INSURANCE, "Making a claim"), (H24, "Phones, laptops and passwords")),
        "7 days and 6 hours",
    ),
)
"""Comparisons of documents that have nothing in common."""

LATEST = (
    Asked("How many days of annual leave does the latest handbook give?", ((H24, "Annual leave"),), "30 days"),
    Asked(
        "What is the notice period after probation in the current employee handbook?",
        ((H24, "Leaving us"),),
        "2 months",
    ),
    Asked("most recent handbook: budget for training", ((H24, "Learning and training"),), "1,200 euros"),
    Asked(
        "Up to what amount may I keep a supplier's gift according to the newest edition of the handbook?",
        ((H24, "Conduct and complaints"),),
        "40 euros",
    ),
    Asked("What is the turnover of staff in the latest quarterly report?", ((Q2, "People"),), "17 percent"),
    Asked("How many shops do the bakeries have now?", ((Q2, "Summary"),), "30"),
    Asked(
        "What was decided about bonfires at the last board meeting?", ((JUNE, "Bees and bonfires"),), "only in November"
    ),
    Asked("Which bonus did last year's handbook promise?", ((H24, "Pay day and bonuses"),), "10 percent"),
)

PERIOD = (
    Asked("Total sales of the bakeries in Q4 2023", ((Q4, "Summary"),), "4,812 thousand euros"),
    Asked(
        "What did Lantern Street Bakeries earn from operations in the first quarter of 2024?",
        ((Q1, "Summary"),),
        "288 thousand",
    ),
    Asked("How many apprentices were there at the end of June 2024?", ((Q2, "People"),), "22"),
    Asked("energy share of sales Q1 2024", ((Q1, "Costs and flour"),), "8.1 percent"),
    Asked(
        "Which sales did the management expect for the second quarter of 2024?",
        ((Q1, "Outlook"),),
        "4,600 thousand euros",
    ),
    Asked(
        "How long did the oven line in Halden stand still in the first quarter of 2024?",
        ((Q1, "Costs and flour"),),
        "6 days",
    ),
    Asked(
        "wage bill of the bakeries in the quarter ended 31 December 2023",
        ((Q4, "Costs and flour"),),
        "1,655 thousand euros",
    ),
    Asked("How many accidents at work were there in Q2 of 2024?", ((Q2, "People"),), "three"),
)

TABLE = (
    Asked("Coffee sales on the coast in Q2 2024", ((Q2, "Sales by region"),), "388"),
    Asked("What did the North region sell in bread in the last quarter of 2023?", ((Q4, "Sales by region"),), "812"),
    Asked("pastry revenue of the Hills region, first quarter 2024", ((Q1, "Sales by region"),), "160"),
    Asked("Total of the City region in Q4 2023", ((Q4, "Sales by region"),), "1,324"),
    Asked("How much water does a cycle of the AJ500 take?", ((AJ500, "Technical data"),), "49 litres"),
    Asked("energy class AJ300", ((AJ300, "Technical data"),), "C"),
    Asked("how long is the power cord of the AquaJet AJ500", ((AJ500, "Technical data"),), "200 cm"),
)

STATEMENT = (
    Asked("How much did Harrow Instruments spend on capex in FY2023?", ((AR23, CASH),), "7,865 thousand"),
    Asked("What was Harrow's gross profit in fiscal 2022?", ((AR22, INCOME),), "35,190 thousand"),
    Asked("Harrow Instruments FY22 dividends paid", ((AR22, CASH),), "3,705 thousand"),
    Asked("What inventories did Harrow Instruments have at the end of FY2023?", ((AR23, BALANCE),), "18,310 thousand"),
    Asked("operating cash flow of Harrow Instruments in 2022", ((AR22, CASH),), "10,640 thousand"),
    Asked("Harrow Instruments: R&D expense 2023", ((AR23, INCOME),), "6,990 thousand"),
    Asked(
        "How high was the long-term debt of Harrow Instruments on 30 September 2022?",
        ((AR22, BALANCE),),
        "18,500 thousand",
    ),
    Asked("D&A of Harrow Instruments in FY2023", ((AR23, CASH),), "4,310 thousand"),
    Asked("What is the FY2023 net profit margin of Harrow Instruments?", ((AR23, INCOME),), "7.9%"),
    Asked(
        "Which reason does Harrow give for the growth of sales in 2023?",
        ((AR23, "Discussion of the results"),),
        "higher prices",
    ),
)

ABBREVIATED = (
    Asked("carry-over of leave, EHB 2023", ((H23, "Annual leave"),), "8 days"),
    Asked("emp hb '22: pay day?", ((H22, "Pay day and bonuses"),), "27th"),
    Asked("T&B handbook 21, how much is the referral bonus", ((H21, "Pay day and bonuses"),), "800 euros"),
    Asked("AJ-300 manual: which fuse", ((AJ300, "Electrical connection"),), "10 amperes"),
    Asked("lab safety bldg. 7 - how high may the sash be", ((LAB, "Fume cupboards"),), "40 cm"),
    Asked("net ops rb: when does the pager move", ((RUNBOOK, "On-call rota and escalation"),), "Mondays at nine"),
    Asked("HH museum guide, price for adults", ((MUSEUM, "Visiting Harbour Hall"),), "12"),
    Asked("home ins. wording: limit for jewellery", ((INSURANCE, "Burglary and theft"),), "15,000"),
    Asked("board mtg 03/2024, what did the pump cost", ((MARCH, "Water and fences"),), "2,280"),
    Asked("LSB Q1-24, lost days through accidents", ((Q1, "People"),), "two"),
    Asked("latest LSB report: for how many days do shops close for rebuilding?", ((Q2, "Outlook"),), "nine days"),
    Asked("operating profit of LSB, 2023", ((Q4, "Summary"),), "391 thousand"),
)

MISSPELLED = (
    Asked("how many holliday days are in the 2022 hanbook", ((H22, "Annual leave"),), "27 days"),
    Asked("acquajet aj500 descaleing how ofen", ((AJ500, "Care of drum and seal"),), "3 times a year"),
    Asked("when is the maratime museum closed", ((MUSEUM, "Visiting Harbour Hall"),), "Mondays"),
    Asked(
        "recipie for gingerbred, how long does the dough rest",
        ((COOK, "Gingerbread that keeps until spring"),),
        "a week",
    ),
    Asked("maintainance window days network", ((RUNBOOK, "Maintenance windows"),), "Tuesdays and Thursdays"),
    Asked("insurence excess for a claime", ((INSURANCE, "Making a claim"),), "250"),
)

_LEAVE = (("How many days of leave did people have under the 2021 handbook?", "26 days of paid leave a year [1]."),)
_NOISE = (("How loud is the AJ300 when spinning?", "76 dB [1]."),)
_HOTEL = (("What is the maximum hotel price in the EMEA travel policy?", "140 euros a night, breakfast included [1]."),)
_GLOVES = (("Which gloves do I wear against acetone in the chemistry laboratory?", "Butyl gloves [1]."),)
_LEASE = (("When does the lease of 14B Wharf Street end?", "On 30 April 2028 [1]."),)
_SALES = (("What were the sales of the bakeries in Q1 2024?", "4,406 thousand euros [1]."),)

FOLLOW_UP = (
    Asked("and in 2023?", ((H23, "Annual leave"),), "28 days", _LEAVE),
    Asked("What about the AJ500?", ((AJ500, "Technical data"),), "71 dB", _NOISE),
    Asked("And in the Americas?", ((AMERICAS, "Hotels"),), "185 dollars", _HOTEL),
    Asked("and for hydrofluoric acid?", ((LAB, "Gloves: which for what"),), "neoprene over nitrile", _GLOVES),
    Asked("Can it be prolonged?", ((LEASE, "Term and renewal"),), "once by three years", _LEASE),
    Asked("How much is the rent there?", ((LEASE, "Rent and deposit"),), "3,450 a month", _LEASE),
    Asked("and in the quarter after that, Q2 2024?", ((Q2, "Summary"),), "4,731 thousand euros", _SALES),
    Asked("How many of them could be carried over?", ((H21, "Annual leave"),), "5", _LEAVE),
)

OTHER_LANGUAGE = (
    Asked("Wie viele Urlaubstage gibt es laut Handbuch 2024?", ((H24, "Annual leave"),), "30"),
    Asked("Wie laut ist die AJ500 beim Schleudern?", ((AJ500, "Technical data"),), "71 dB"),
    Asked("Welche Handschuhe brauche ich im Chemielabor für Aceton?", ((LAB, "Gloves: which for what"),), "Butyl"),
    Asked("Wann ist das Museum Harbour Hall geschlossen?", ((MUSEUM, "Visiting Harbour Hall"),), "Monday"),
    Asked("Wie hoch ist die Miete in der Wharf Street?", ((LEASE, "Rent and deposit"),), "3,450"),
    Asked(
        "Combien de temps durent les batteries des salles en cas de coupure de courant ?",
        ((RUNBOOK, "Alarm: power feed lost"),),
        "18",
    ),
    Asked("Quelle est l'indemnité journalière de la politique de voyage EMEA ?", ((EMEA, "Daily allowance"),), "42"),
    Asked(
        "À quelle température faut-il stocker la batterie du vélo cargo ?",
        ((BIKE, "Battery and charging"),),
        "between 10 and 20 degrees",
    ),
    Asked("¿Cuánto dura la garantía de la lavadora AJ300?", ((AJ300, "Warranty and spare parts"),), "24 months"),
    Asked("¿Cuál es la franquicia del seguro de hogar por siniestro?", ((INSURANCE, "Making a claim"),), "250"),
)

GERMAN = (
    Asked("Wann beginnt die Spätschicht im Lager?", ((LAGER, "Geltungsbereich und Arbeitszeit"),), "13.45 Uhr"),
    Asked("Wie schnell darf ein Stapler in der Halle fahren?", ((LAGER, "Gabelstapler"),), "8 km/h"),
    Asked("Was kostet das Mittagessen?", ((LAGER, "Pausen und Kantine"),), "4,20 Euro"),
    Asked("Wer leitet die Bestandszählung?", ((LAGER, "Inventur"),), "Frau Ahlers"),
    Asked(
        "Wo ist der Sammelplatz bei Feueralarm im Lager Nord?",
        ((LAGER, "Brand und Räumung"),),
        "auf dem Parkplatz hinter dem Pförtnerhaus",
    ),
    Asked("Ich habe meinen Ausweis verloren, was kostet ein neuer?", ((LAGER, "Schlüssel und Ausweise"),), "15 Euro"),
    Asked(
        "Was passiert mit geöffneten Rücksendungen?",
        ((LAGER, "Retouren"),),
        "zwei Wochen aufbewahrt und dann gespendet",
    ),
    Asked("Bis wann werden Lieferungen angenommen?", ((LAGER, "Wareneingang"),), "15 Uhr"),
)

FRENCH = (
    Asked("Combien coûte l'abonnement annuel pour un adulte ?", ((MEDIA, "Inscription et carte"),), "14 euros"),
    Asked("Combien de livres puis-je emprunter en même temps ?", ((MEDIA, "Prêt des documents"),), "douze documents"),
    Asked(
        "Que se passe-t-il si je rends un livre en retard ?",
        ((MEDIA, "Retards et documents perdus"),),
        "le prêt est suspendu",
    ),
    Asked(
        "Quel est le prix d'une impression en couleur ?", ((MEDIA, "Ordinateurs et imprimantes"),), "quarante centimes"
    ),
    Asked("La médiathèque est-elle ouverte le jeudi soir ?", ((MEDIA, "Horaires"),), "jusqu'à 20 heures"),
    Asked("Pendant combien de jours un document réservé est-il gardé ?", ((MEDIA, "Réservations"),), "huit jours"),
    Asked(
        "Peut-on jouer du piano à la médiathèque ?",
        ((MEDIA, "Salle d'étude et salle de musique"),),
        "par créneaux de 45 minutes",
    ),
    Asked("Acceptez-vous les vieilles encyclopédies ?", ((MEDIA, "Dons"),), "refusées"),
)

KINDS: dict[str, tuple[Asked, ...]] = {
    "compare": (*COMPARE, *_ACROSS),
    "latest": LATEST,
    "period": PERIOD,
    "table": TABLE,
    "statement": STATEMENT,
    "abbreviated": ABBREVIATED,
    "misspelled": MISSPELLED,
    "follow-up": FOLLOW_UP,
    "other language": OTHER_LANGUAGE,
    "German": GERMAN,
    "French": FRENCH,
}

NEAR_MISSES: tuple[str, ...] = (
    "How many weeks of sabbatical does the 2023 handbook grant?",
    "What is the dental allowance in the 2024 employee handbook?",
    "Which seats may staff in EMEA book on night trains?",
    "What is the drum diameter of the AquaJet AJ500?",
    "Can the AJ300 be connected to a smart home?",
    "How many fume cupboards are there in building 7?",
    "What does the lift in 14B Wharf Street cost each year?",
    "Who is the vice chair of the allotment society?",
    "What is the maximum speed of the Packhorse L2?",
    "Which bakery region had the most accidents in Q2 2024?",
    "Does the household insurance pay for damage by earthquakes?",
    "How many hectares of mangroves did Sorokin 2019 restore?",
    "Wie hoch ist der Stundenlohn im Lager Nord?",
    "Quel est le budget annuel de la médiathèque ?",
)
"""On the right topic, about a fact that no document tells."""
