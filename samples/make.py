"""Writes the sample PDFs of this folder, the same bytes each time: `python samples/make.py` (needs the dev tools)."""

from __future__ import annotations

from pathlib import Path

from booklet import Booklet

HERE = Path(__file__).parent


def handbook() -> Booklet:
    pdf = Booklet("Brightwater Tea Employee Handbook 2026")
    pdf.cover("Employee Handbook", "Brightwater Tea\nEdition 2026, valid from 1 January 2026")
    pdf.front_page(
        "Welcome",
        [
            "This handbook says how we work together at Brightwater Tea. It holds for everybody with an employment "
            "contract, in the blending house in Leith, in the shops and at home. Where a contract and this handbook "
            "differ, the contract holds.",
            "The handbook is revised once a year. The people team answers questions in the channel #people, and writes "
            "down what it learns for the next edition. Suggestions are welcome until 31 October of each year.",
        ],
    )
    pdf.contents_page()

    pdf.chapter("1 Working hours")
    pdf.section("1.1 The working week")
    pdf.paragraph(
        "A full-time week has 37.5 hours, spread over five days. Core hours are from 10:00 to 15:00; everybody who works "
        "that day can be reached then. The remaining hours are yours to arrange with your team, between 07:00 and 20:00."
    )
    pdf.paragraph(
        "Shops keep a rota, which is published at least 21 days ahead. Swapping a shift is fine when both people agree "
        "and the shop manager has noted it before the shift starts."
    )
    pdf.section("1.2 Overtime")
    pdf.paragraph(
        "Overtime is the exception and is agreed beforehand with your manager. Each hour of overtime is given back as an "
        "hour and a quarter of free time, to be taken within three months. On Sundays and public holidays an hour counts "
        "double."
    )
    pdf.section("1.3 Breaks")
    pdf.paragraph(
        "Whoever works more than six hours takes a break of at least 30 minutes. Tastings count as working time, not as "
        "breaks."
    )

    pdf.chapter("2 Leave")
    pdf.section("2.1 Annual leave")
    pdf.paragraph(
        "Annual leave grows with the years of service, as the table shows. The leave year is the calendar year. Part-time "
        "employees have the same number of weeks, counted in their own working days."
    )
    pdf.grid(
        [60, 55, 45],
        ["Years of service", "Days of annual leave", "May be carried over"],
        ["Less than 2", "25", "5"],
        ["2 to 4", "27", "5"],
        ["5 to 9", "29", "8"],
        ["10 and more", "32", "10"],
    )
    pdf.paragraph(
        "Days that are carried over have to be taken by 31 March of the next year; after that they lapse. Leave of more "
        "than ten working days in a row is requested at least eight weeks ahead."
    )
    pdf.section("2.2 Sick leave")
    pdf.paragraph(
        "Tell your manager before 09:30 on the first day. From the fourth calendar day on, a doctor's note is needed. Full "
        "pay continues for twelve weeks in any period of twelve months."
    )
    pdf.section("2.3 Parental leave")
    pdf.paragraph(
        "Every parent has 18 weeks of parental leave at full pay, whatever their gender and however the child came into "
        "the family. It can be split into up to three parts, all within the child's first two years."
    )
    pdf.section("2.4 Other leave")
    pdf.bullets(
        "Moving house: one day a year.",
        "Death of a close relative: five days.",
        "Jury service: as long as it takes, at full pay.",
        "Volunteering: two days a year, chosen by you.",
    )

    pdf.chapter("3 Expenses")
    pdf.section("3.1 What is repaid")
    pdf.paragraph(
        "We repay what you spend for your work, up to the limits below. A receipt is needed for anything above 10 pounds. "
        "Claims are made in the expenses tool within 60 days; later ones need the agreement of the finance lead."
    )
    pdf.grid(
        [60, 50, 50],
        ["Kind of expense", "Limit", "Approved by"],
        ["Lunch while travelling", "18 pounds a day", "nobody"],
        ["Dinner while travelling", "32 pounds a day", "nobody"],
        ["Hotel in London", "190 pounds a night", "manager"],
        ["Hotel elsewhere", "135 pounds a night", "manager"],
        ["Client entertainment", "55 pounds a person", "head of sales"],
        ["Home office furniture", "400 pounds, once", "people team"],
    )
    pdf.section("3.2 When the money comes")
    pdf.paragraph(
        "Claims that are approved by the 20th of a month are paid with that month's salary. Amounts above 500 pounds can be "
        "paid in advance; ask the finance lead a week ahead."
    )

    pdf.chapter("4 Travel")
    pdf.section("4.1 Trains and flights")
    pdf.paragraph(
        "Take the train where the journey takes less than six hours. Flights inside Great Britain need the agreement of a "
        "director. Standard class is the rule; first class is fine on a train when it costs less than 20 pounds more."
    )
    pdf.section("4.2 Driving")
    pdf.paragraph(
        "Driving your own car for work is repaid with 45 pence a mile for the first 10,000 miles of a tax year, and 25 pence "
        "a mile after that. Cyclists get 20 pence a mile. Parking fines are not repaid."
    )
    pdf.section("4.3 Visiting growers")
    pdf.paragraph(
        "Trips to growers in Assam, Darjeeling and Shizuoka are planned by the sourcing team. Vaccinations, visas and travel "
        "insurance are paid by the company. For trips of more than seven days there is one extra day off afterwards."
    )

    pdf.chapter("5 Working from home")
    pdf.section("5.1 How often")
    pdf.paragraph(
        "Office teams may work from home up to three days a week. Tuesday is the day on which everybody comes to Leith. In "
        "the first three months, new colleagues are in the office four days a week."
    )
    pdf.section("5.2 Working abroad")
    pdf.paragraph(
        "Working from another country is possible for up to 20 working days a year, when the people team has checked tax "
        "and insurance. Ask at least four weeks ahead."
    )

    pdf.chapter("6 Equipment and security")
    pdf.section("6.1 Devices")
    pdf.paragraph(
        "You choose between two laptop models when you start. A laptop is replaced every four years. Telephones are lent to "
        "people who travel; private use is fine within the tariff."
    )
    pdf.section("6.2 Passwords")
    pdf.paragraph(
        "Use the password manager for everything, with a main password of at least 16 characters. Two-factor sign-in is on "
        "for mail, payroll and the shop tills. Passwords are not changed on a schedule, only when there is reason to."
    )
    pdf.section("6.3 When something is lost")
    pdf.paragraph(
        "Report a lost device to the help desk within one hour, at any time of day: telephone extension 4357. Nobody is "
        "blamed for reporting; the device is locked from afar and the data is safe."
    )

    pdf.chapter("7 Pay")
    pdf.section("7.1 Salary")
    pdf.paragraph(
        "Salaries are paid on the 25th of each month, or on the last working day before it. Pay is reviewed each April by the "
        "same bands for everybody; the bands are published on the people team's page."
    )
    pdf.section("7.2 Pension")
    pdf.paragraph(
        "The company pays 8 % of your salary into the pension; you pay at least 3 %. Up to 2 % more of yours is matched. "
        "Membership starts on the first day."
    )
    pdf.section("7.3 Tea allowance")
    pdf.paragraph(
        "Everybody takes home 250 grams of tea a month, free of charge. In the shops, employees and one guest pay half price."
    )

    pdf.chapter("8 Health and safety")
    pdf.section("8.1 Blending house")
    pdf.paragraph(
        "Hair nets, closed shoes and hearing protection are worn in the blending hall. Nobody works alone on the blending "
        "drums. The dust extraction is checked every Monday; blending stops when its lamp shows red."
    )
    pdf.section("8.2 First aid")
    pdf.paragraph(
        "There are first aiders on each floor: their names hang beside the lifts. The defibrillator is at the reception. "
        "Accidents, also small ones, are written in the accident book on the same day."
    )
    pdf.section("8.3 Fire")
    pdf.bullets(
        "Leave by the nearest stairs; do not use the lifts.",
        "Meet at the anchor on the quay.",
        "Wardens in yellow count heads; tell them who is missing.",
        "Fire drills are held twice a year, in March and September.",
    )

    pdf.chapter("9 Leaving")
    pdf.section("9.1 Notice")
    pdf.paragraph(
        "During the six months of probation the notice period is two weeks. Afterwards it is one month, and three months "
        "after five years of service, for both sides."
    )
    pdf.section("9.2 The last weeks")
    pdf.paragraph(
        "Remaining leave is taken or paid out. Devices are handed back on the last day. A written reference is sent within 14 "
        "days. We hold a conversation about what we could do better; it is voluntary."
    )
    return pdf


def manual() -> Booklet:
    pdf = Booklet("Infuser K2 Service Manual")
    pdf.cover("Infuser K2", "Service manual, revision C\nFor the bottling line in Leith")
    pdf.chapter("Safety")
    pdf.paragraph(
        "The K2 heats water to 98 degrees Celsius under pressure. Before opening the kettle, switch off the main switch, wait "
        "until the gauge shows less than 0.2 bar, and hang the red tag on the switch. Only people trained on the K2 may open it."
    )
    pdf.section("Emergency stop")
    pdf.paragraph(
        "The red mushroom button stops the pump and vents the kettle in eight seconds. It is released by turning it clockwise. "
        "After an emergency stop the machine needs a cold start."
    )
    pdf.chapter("Starting and stopping")
    pdf.section("Cold start")
    pdf.paragraph(
        "Fill the tank to the upper mark, about 40 litres. Switch on the main switch and choose programme 1. Heating takes 22 "
        "minutes; the lamp turns from amber to green at 92 degrees."
    )
    pdf.section("Steeping programmes")
    pdf.grid(
        [35, 40, 45, 40],
        ["Programme", "Tea", "Temperature", "Time"],
        ["1", "Black", "96 degrees", "4 min"],
        ["2", "Green", "75 degrees", "2 min 30 s"],
        ["3", "Oolong", "88 degrees", "3 min"],
        ["4", "Herbal", "98 degrees", "8 min"],
    )
    pdf.chapter("Maintenance")
    pdf.grid(
        [40, 85, 35],
        ["Interval", "Task", "Part number"],
        ["Daily", "Rinse the basket and the drip tray", "-"],
        ["Weekly", "Clean the inlet strainer", "K2-118"],
        ["Monthly", "Descale with citric acid, 50 g a litre", "K2-900"],
        ["Every 6 months", "Replace the lid seal", "K2-204"],
        ["Every 2 years", "Replace the safety valve", "K2-310"],
    )
    pdf.paragraph("The safety valve opens at 3.5 bar. A valve that has opened once is replaced, not reset.")
    pdf.chapter("Error codes")
    pdf.grid(
        [20, 70, 70],
        ["Code", "Meaning", "What to do"],
        ["E01", "Water level too low", "Fill the tank; check the float"],
        ["E02", "Heater does not reach temperature", "Descale; measure the element: 26 ohms"],
        ["E05", "Pump runs dry", "Open the inlet; bleed the pump"],
        ["E07", "Lid not locked", "Close the lid; replace the seal if worn"],
        ["E11", "Sensor broken", "Replace sensor K2-421"],
    )
    pdf.paragraph("Codes E02 and E11 stop the line. Tell the shift lead before you restart it.")
    return pdf


if __name__ == "__main__":
    handbook().output(str(HERE / "employee-handbook-2026.pdf"))
    manual().output(str(HERE / "infuser-k2-manual.pdf"))
