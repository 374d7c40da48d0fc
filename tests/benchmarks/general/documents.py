"""The wording of the general evaluation set: invented organisations, products and numbers.

A document is a file name, a title, a running header and sections; a section is one page
(a long one takes two). ``{name}`` is filled in from the document's values, so that several
editions of one handbook share their words and differ in their numbers.
"""

HANDBOOK = """
## Welcome to {org}
This handbook describes how we work together. It applies to everyone on the payroll of {org}, in the workshop, in the office and on the road. Where a contract says something more favourable, the contract wins. The people team answers questions at the desk beside the canteen, every weekday until four. This edition replaces all earlier ones on 1 January {year}.
## Hours and flexible working
A full week is {hours} hours. Core time, when everybody can be reached, runs from {core}. Outside core time you may begin as early as six and finish as late as eight in the evening. Extra hours are noted in the time sheet and taken back within {comp} weeks; they are not paid out. Whoever works nights gets a supplement of {night} percent for each hour after eleven.
## Working from home
After probation you may work away from the site up to {remote} days a week, if your lead agrees and the task allows it. You need a desk, a chair that can be adjusted and a connection of at least 25 megabits. The company lends a screen and pays {stipend} euros once for furniture. Working from another country is limited to {abroad} days in a calendar year because of tax and social insurance.
## Annual leave
You have {leave} days of paid leave a year, and one more for every {senior} years of service, up to five. Ask for leave of two weeks or longer at least {notice} weeks ahead. At most {carry} unused days move into the next year; they lapse at the end of {lapse}. Between Christmas and New Year the site is closed, which costs three days of your allowance.
## Sickness
If you fall ill, tell your lead before your shift begins, by phone and not by message. A doctor's note is needed from day {note}. Pay continues in full for {sickpay} weeks; afterwards the health insurer takes over. When you return after more than six weeks, the people team invites you to a talk about lighter duties.
## Parents and carers
Parents receive {parent} weeks on full pay, to be taken in the first year in up to three blocks. Adoption counts as birth. Carers of a close relative may reduce to half time for up to {care} months and come back to their former post. A quiet room for nursing is beside the first-aid room on the ground floor.
## Pay day and bonuses
Salaries reach your account on the {payday} of each month. The yearly bonus is paid in March and is at most {bonus} percent of your base salary; half depends on the company result and half on goals agreed with your lead. Who recommends a new colleague gets {referral} euros after that person's probation ends.
## Expenses and company cards
Hand in receipts within {receipt} days through the expense app. Amounts below {small} euros need no approval. Meals with customers are refunded up to {meal} euros a head. A card is issued to whoever travels more than once a month; a private purchase with it has to be repaid within a week and reported at once.
## Learning and training
Each of us has {train} euros and {traindays} days a year for courses, books and conferences. Courses above {cap} euros come with an agreement to stay for twelve months or to repay a share. Language lessons in German and Portuguese take place on Tuesdays at lunch time and do not count against the allowance.
## Phones, laptops and passwords
Laptops are replaced after {laptop} years. Lost equipment must be reported to the service desk within {lost} hours, so that it can be wiped. Passwords have at least {password} characters and are kept in the vault; a second factor is required everywhere. Private use of the phone is fine inside the country and must be switched to a private plan when roaming.
## Conduct and complaints
We treat each other with respect. Bullying, harassment and retaliation end employment. Tell your lead, the people team or the outside ombudsperson {ombud}; a complaint is answered in writing within {complaint} working days. Gifts from suppliers above {gift} euros are declined or handed to the raffle for charity.
## Leaving us
The notice period is {leavenotice} weeks during probation and {leavemonths} months after it. Probation lasts {probation} months. Return keys, badge and laptop on the last day. Your reference letter is written within three weeks. Unused leave is paid out with the last salary, and the pension account stays yours.
"""

HANDBOOK_VALUES = {
    2021: dict(
        hours=40,
        core="ten to four",
        comp=8,
        night=20,
        remote=1,
        stipend=150,
        abroad=10,
        leave=26,
        senior=5,
        notice=6,
        carry=5,
        lapse="March",
        note=3,
        sickpay=6,
        parent=12,
        care=6,
        payday="28th",
        bonus=6,
        referral=800,
        receipt=60,
        small=20,
        meal=35,
        train=700,
        traindays=3,
        cap=1500,
        laptop=5,
        lost=24,
        password=10,
        ombud="Ruth Almeida",
        complaint=15,
        gift=25,
        leavenotice=4,
        leavemonths=3,
        probation=6,
    ),
    2022: dict(
        hours=39,
        core="ten to four",
        comp=8,
        night=25,
        remote=2,
        stipend=250,
        abroad=15,
        leave=27,
        senior=5,
        notice=6,
        carry=5,
        lapse="March",
        note=3,
        sickpay=6,
        parent=14,
        care=6,
        payday="27th",
        bonus=8,
        referral=1000,
        receipt=60,
        small=25,
        meal=40,
        train=800,
        traindays=4,
        cap=1800,
        laptop=4,
        lost=24,
        password=12,
        ombud="Ruth Almeida",
        complaint=12,
        gift=30,
        leavenotice=4,
        leavemonths=3,
        probation=6,
    ),
    2023: dict(
        hours=38,
        core="ten to three",
        comp=10,
        night=25,
        remote=3,
        stipend=300,
        abroad=20,
        leave=28,
        senior=4,
        notice=5,
        carry=8,
        lapse="April",
        note=4,
        sickpay=7,
        parent=16,
        care=9,
        payday="26th",
        bonus=9,
        referral=1500,
        receipt=45,
        small=30,
        meal=45,
        train=1000,
        traindays=5,
        cap=2000,
        laptop=4,
        lost=12,
        password=14,
        ombud="Pavel Hruska",
        complaint=10,
        gift=35,
        leavenotice=3,
        leavemonths=2,
        probation=5,
    ),
    2024: dict(
        hours=37,
        core="eleven to three",
        comp=12,
        night=30,
        remote=4,
        stipend=350,
        abroad=30,
        leave=30,
        senior=3,
        notice=4,
        carry=10,
        lapse="June",
        note=5,
        sickpay=8,
        parent=20,
        care=12,
        payday="25th",
        bonus=10,
        referral=2000,
        receipt=30,
        small=50,
        meal=50,
        train=1200,
        traindays=6,
        cap=2500,
        laptop=3,
        lost=6,
        password=16,
        ombud="Pavel Hruska",
        complaint=7,
        gift=40,
        leavenotice=2,
        leavemonths=2,
        probation=4,
    ),
}

WASHER = """
## Before you begin
Thank you for choosing the AquaJet {model}. Read this guide before you plug the machine in and keep it with the appliance. The drum holds up to {load} kg of dry laundry. The machine weighs {weight} kg: two people should lift it. Remove all transport bolts from the back with the supplied spanner, or the drum will hammer against the casing and the warranty ends.
## Where to put the appliance
Choose a level floor that carries the weight. Leave {gap} cm free on both sides and behind. The room must not fall below 4 degrees, because water left in the pump could freeze. Turn the four feet until the machine stops rocking, then tighten the lock nuts. Do not set it on carpet: air has to reach the motor from underneath.
## Connecting water and drain
Screw the inlet hose to a cold tap with a three-quarter inch thread. The pressure should be between 0.5 and 10 bar. Hang the drain hose at a height of {drain} cm; lower, and the drum empties itself while filling. Check every joint for drips after the first wash. Old hoses must never be used again.
## Electrical connection
The appliance needs a grounded socket of its own with a fuse of {fuse} amperes. Rated power is {power} watts. Extension leads and travel adapters are forbidden. If the cord is damaged, our service partner replaces it; it cannot be bought separately. Pull the plug, not the cord.
## Controls and display
The dial selects one of {programs} programmes. The row of keys beneath changes temperature, spin speed and delay. The display shows the minutes left. Hold the padlock symbol for three seconds to stop children from changing a running wash. The buzzer is silenced by pressing Spin and Delay together.
## Choosing a programme
Cotton at 60 degrees takes {cotton} minutes. Quick is for two kilograms of lightly soiled clothes and takes {quick} minutes. Wool turns the drum slowly and spins at 600 revolutions. Eco 40-60 uses the least power, about {eco} kWh a load, though it takes longest. Allergy adds a rinse with more water.
## Detergent and softener
The drawer has three chambers: left for the main wash, middle for softener, right for pre-wash. Never fill softener above the line marked Max. Powder is better for white cotton and liquid for colours. With hard water add a third more. Capsules go straight into the drum and not into the drawer.
## Emptying the filter
Clean the fluff filter every {filter} weeks. Put a flat bowl under the flap at the bottom right, open the small hose, let the water out, then turn the lid to the left. Coins, hairpins and buttons collect there. A blocked filter is the most frequent reason why water stays in the drum.
## Care of drum and seal
Once a month run the drum-clean programme without laundry at 90 degrees. Wipe the rubber ring dry after the last wash of the day and leave the door ajar; otherwise it begins to smell. Descale {scale} times a year where water is hard. Do not use vinegar: its acid attacks the seal.
## Error codes
{errors}
## Technical data
{table}
## Warranty and spare parts
The warranty lasts {warranty} months from the day of purchase; the motor is covered for {motor} years. Keep the receipt. Spare parts are supplied for ten years after the model is discontinued. Commercial use, wrong connection and frost are excluded. Book a technician by phone between eight and six, giving the number printed inside the door.
"""

WASHER_VALUES = {
    "AJ300": dict(
        load=7,
        weight=64,
        gap=3,
        drain=60,
        fuse=10,
        power=1900,
        programs=12,
        cotton=145,
        quick=30,
        eco="0.79",
        filter=8,
        scale=2,
        warranty=24,
        motor=8,
        errors="E10 means that no water arrives: open the tap, straighten the hose. E21 means that water does not leave: empty the filter. E34 reports a door that is not latched. E47 is a fault of the heater: call service. E52 appears when the load is out of balance; spread the laundry by hand and start spinning again. After any code switch off for one minute.",
        table="Height 845 mm\nWidth 597 mm\nDepth 548 mm\nSpin speed 1200 rpm\nNoise while spinning 76 dB\nWater per cycle 46 litres\nEnergy class C\nLength of the cord 150 cm",
    ),
    "AJ500": dict(
        load=9,
        weight=71,
        gap=5,
        drain=75,
        fuse=16,
        power=2200,
        programs=16,
        cotton=170,
        quick=20,
        eco="0.52",
        filter=12,
        scale=3,
        warranty=36,
        motor=12,
        errors="F01 means that no water arrives: open the tap, straighten the hose. F02 means that water does not leave: empty the filter. F05 reports a door that is not latched. F07 is a fault of the heater: call service. F09 appears when the load is out of balance. F13 tells you that the wireless module lost the home network. After any code switch off for one minute.",
        table="Height 850 mm\nWidth 600 mm\nDepth 610 mm\nSpin speed 1600 rpm\nNoise while spinning 71 dB\nWater per cycle 49 litres\nEnergy class A\nLength of the cord 200 cm",
    ),
}

LAB = """
## Purpose of these rules
Everybody who enters the chemistry floors of Building 7 follows these rules, guests and cleaners included. The laboratory head, Dr Ines Falk, is responsible; on nights and at weekends the duty officer stands in. New members sign the last sheet after the tour. The tour is repeated each October.
## What to wear
Closed shoes, long trousers and a cotton coat are the minimum. Safety glasses stay on from door to door, even for people who are only watching. Contact lenses are discouraged because vapours get beneath them. Long hair is tied back. Gloves come off before you touch a door handle, a keyboard or a telephone.
## Gloves: which for what
Nitrile resists oils and most alcohols for about twenty minutes. Against acetone it fails within a minute; take butyl instead. For hydrofluoric acid wear neoprene over nitrile, never alone. Latex was withdrawn because of allergies. Torn gloves go into the grey bin.
## Fume cupboards
Keep the sash no higher than 40 cm. A cupboard that shows less than 0.4 metres a second is closed with a red tag. Nothing is stored inside permanently. Work at least fifteen centimetres behind the front edge. The extraction is measured twice a year by the building service.
## Storing chemicals
Acids stand on the low shelf of the ventilated cabinet, bases on the other side, and solvents in the yellow cupboard, at most ten litres for a room. Peroxide formers such as ether carry the day on which they were opened and are thrown away after six months. The refrigerator is spark-free; food is never put in it.
## Waste
Halogenated solvents go into red canisters, others into blue ones. Fill to four fifths only. Aqueous metal waste is collected in white drums. Sharps have a yellow box that is sealed when three quarters are full. The collection happens on Thursday mornings at the ramp; unlabelled vessels are refused.
## Gas cylinders
Chain each cylinder at two thirds of its height. Move it only on a trolley and with the cap on. Hydrogen cylinders stay outside in the cage; only the line comes in. Open valves slowly and stand beside, not before, the gauge. Test with soapy water after every change.
## Liquid nitrogen and cold burns
A litre becomes nearly 700 litres of gas, which takes the air away. Fill vessels only in the ventilated bay, with the oxygen alarm switched on; it sounds at 19 percent. Never ride in a lift together with a full dewar. Wear the blue insulated gloves loosely so that they can be thrown off.
## If something spills
Warn others, leave if you feel dizzy. Small amounts are covered with the granulate from the bucket by the door, from the rim inwards. More than half a litre of solvent means: press the evacuation button and call 5555. Mercury is picked up by trained staff with the zinc kit only.
## Eyes and skin
Rinse eyes for fifteen minutes at the wash bottle-free shower near the exit; somebody else holds the lids open. Chemical on clothing: emergency shower first, modesty later. After hydrofluoric acid rub in calcium gluconate gel from the orange box, then hospital. Every accident is written into the book.
## Fire
Shout, pull the alarm, close the sash and leave by the stairs. The assembly point is the lawn before the library. Use carbon dioxide on electrical devices and the sand bucket on burning metals. A burning person goes under the shower or is rolled in the blanket.
## Working alone
Nobody handles dangerous substances without a second person within calling distance. After eight in the evening only reading, writing and measuring are allowed. Overnight reactions need a card on the door with name, substance, phone number and what to do when the cooling water fails.
"""

TRAVEL = """
## Who this policy is for
These rules cover business trips of staff based in {region} during the financial year {fy}. Commuting is not a business trip. The travel desk books everything; whoever books privately is refunded only in an emergency. Approval by the cost-centre owner comes before the booking, not after it.
## Flights
Economy is standard. {premium} may be chosen when one leg is longer than {flight} hours. Tickets are bought at least {advance} days ahead. Miles belong to the traveller. Changing a ticket for private reasons is paid by yourself. Trains are preferred for journeys below {train} hours from door to door.
## Hotels
The ceiling for a night is {hotel} {cur}, breakfast included, and {hotelbig} {cur} in the costly cities listed by the desk. Apartments are fine from five nights on. Minibar, films and upgrades are private. Laundry is refunded after {laundry} nights.
## Daily allowance
For a full day away you receive {perdiem} {cur}; for the day of departure and return {half} {cur}. Meals that others provide are deducted: {bk} percent for breakfast and forty for lunch or dinner. No receipts are needed for the allowance.
## Cars and taxis
A private car is refunded at {km}. Rental cars are of the compact class with full cover. Taxis are for early, late and heavy loads; shared rides count as taxis. Fines are never refunded. Electric cars may be charged at the employer's cost at home with a meter.
## Staying safe abroad
Register every trip outside {home} in the tracker. In an emergency call {hotline}, day or night; the insurer is {insurer}. Vaccinations that a destination demands are paid. For places with a red flag the security officer has to sign. Keep a copy of your passport apart from the original.
"""

TRAVEL_VALUES = {
    "EMEA": dict(
        region="Europe, the Middle East and Africa",
        fy="2024",
        premium="Premium economy",
        flight=7,
        advance=14,
        train=5,
        hotel=140,
        hotelbig=210,
        cur="euros",
        laundry=4,
        perdiem=42,
        half=21,
        bk=20,
        km="38 cents a kilometre",
        home="the European Union",
        hotline="+49 30 5550 114",
        insurer="Nordwall",
    ),
    "Americas": dict(
        region="North and South America",
        fy="2024",
        premium="Business class",
        flight=9,
        advance=21,
        train=3,
        hotel=185,
        hotelbig=290,
        cur="dollars",
        laundry=6,
        perdiem=68,
        half=51,
        bk=15,
        km="62 cents a mile",
        home="your country of residence",
        hotline="+1 555 0177",
        insurer="Pelican Mutual",
    ),
}

RUNBOOK = """
## How to use this runbook
Open the page of the alarm, do the steps in their order and note the time of each in the ticket. If a step fails twice, call the next level. Do not improvise on the core at night. All host names end in .net.example. Commands are shown for the current release of the switch software.
## On-call rota and escalation
The pager moves on Mondays at nine. Level one answers within five minutes and has thirty minutes to restore service. Level two is the routing team; level three is the vendor with contract 88-4410. The incident manager is told when more than two hundred customers are affected or when a hospital line is down.
## Alarm: BGP neighbour down
Look at the interface first: an optic without light is the usual reason. Then compare the AS number and the password on both ends. Do not clear all sessions; reset the one neighbour softly. If the peer is Transit-B, shift traffic by lowering local preference to 80 before you touch anything.
## Alarm: fibre cut
When both directions lose light at once, suspect a digger. Measure with the reflectometer in rack C4 and give the distance to the carrier. The ring protects itself within fifty milliseconds, yet the second cut isolates sites: cancel all planned work on the other half of the ring at once.
## Alarm: packet loss towards customers
Start a trace from the probe nearest to the customer. Loss on one hop only is cosmetic; loss that continues on all later hops is real. Check the queue drops of the shaping policy. A loss of more than two percent over ten minutes entitles the customer to a credit.
## Alarm: DNS resolvers slow
Answer time above 80 ms on the resolvers means a full cache or an attack. Restart one resolver at a time, the one in hall south first, and wait until its cache hit rate passes 70 percent. Rate limiting is switched on with the playbook dns-shield. Never restart the authoritative servers for this.
## Alarm: power feed lost
The batteries in each hall last eighteen minutes. The generator must report speed after forty seconds; if not, start it by hand with the key from the red box. Shut down the laboratory racks first, then the backup cluster. Fuel lasts thirty hours; order at half tank.
## Alarm: room temperature
Above 29 degrees open the cold aisle doors and start the portable units. Above 34 degrees begin the orderly shutdown list on the wall. Most events are a tripped pump in the chiller: reset it once. A second trip belongs to facility staff.
## Certificate renewal
Certificates on the portals expire after ninety days and are renewed by the robot on day sixty. If the robot fails, its mail goes to the queue certs. Request by hand with the script renew-portal and copy the chain too; half of the past outages came from a missing intermediate.
## Backup and restore of device configuration
Every device is saved nightly at 02:10 to the repository netconf. To restore, load the saved file as candidate, read the difference and commit with a five-minute rollback timer. Configurations are kept for thirteen months. The repository itself is mirrored to the vault each Sunday.
## Maintenance windows
Work that can hurt customers takes place on Tuesdays and Thursdays between midnight and five. Customers hear of it seven days before. In December there is a freeze from the tenth onwards. Two people take part, and the way back must be tested in the laboratory first.
## After the incident
Within two working days the owner writes the review: what happened, what helped, what hindered. Nobody is blamed. Actions get a name and a date. Reviews of the largest class are read aloud in the monthly meeting, and their summary goes to customers who ask.
"""

COOK = """
## A pantry for the cold months
Winter cooking begins with patience and a heavy pot. Keep dried beans, barley, smoked paprika, tinned tomatoes, anchovies and a rind of hard cheese. Root vegetables last for weeks in a box of damp sand. The recipes serve four unless something else is said; ovens are meant with top and bottom heat.
## Barley soup with leeks
Soften three leeks in butter for ten minutes, stir in 150 g of barley, add a litre and a half of vegetable stock and a bay leaf. Simmer for forty minutes. Finish with lemon and plenty of dill. It thickens overnight; loosen it with hot water. A spoon of horseradish wakes it up.
## White beans with sage
Soak 400 g of beans for twelve hours. Cook them slowly with garlic, a sprig of sage and olive oil in the oven at 140 degrees for two hours. Salt comes only at the end, or the skins stay hard. Eat with toasted bread. The broth makes a fine base for soups.
## Braised beef with prunes
Brown 1.2 kg of shin on all sides. Deglaze with half a bottle of red wine, add twelve prunes, two carrots and a stick of cinnamon. Cover and leave in the oven at 150 degrees for three and a half hours. The meat is ready when a spoon divides it. Polenta goes well beside it.
## Roast celeriac for those who eat no meat
Rub a whole celeriac with oil and salt, wrap it in baking paper and roast it for two and a half hours at 180 degrees. Cut in slices like a joint. The sauce is brown butter, capers and parsley. Vegans take olive oil instead of butter. Leftovers become a salad with apple.
## Fish pie under a potato lid
Poach 600 g of cod and 200 g of smoked haddock in milk for six minutes. Thicken the milk with flour and mustard. Lay the fish with boiled eggs in a dish, cover it with mashed potato and bake for thirty minutes at 200 degrees until the peaks are brown.
## Rye bread with a sour starter
Feed the starter the evening before: 100 g of rye flour, 100 g of water. In the morning mix with 500 g of rye flour, 400 g of water, 12 g of salt and caraway. Let it rise for four hours in the tin, bake for an hour at 220 degrees falling to 190. Wait a day before you cut it.
## Pickled red cabbage
Slice a kilo of cabbage thinly, salt it and leave it for an hour. Boil 500 ml of vinegar with 200 g of sugar, cloves and juniper. Pour over while hot. It keeps for three months in the refrigerator and is ready after five days. Never use aluminium: it turns grey.
## Baked apples with marzipan
Core six tart apples, fill them with marzipan, almonds and raisins soaked in rum. Bake for thirty-five minutes at 175 degrees, basting twice with cider. Children get apple juice instead of rum. Serve with cold vanilla sauce made from two yolks and 250 ml of milk.
## Gingerbread that keeps until spring
Warm 250 g of honey with 100 g of dark sugar. Stir in 400 g of flour, two eggs, ginger, cardamom and a teaspoon of potash dissolved in rose water. Rest the dough for a week in a cool place. Bake for twelve minutes. Stored in a tin with a slice of apple it turns soft.
"""

MUSEUM = """
## Visiting Harbour Hall
The maritime museum is in the old rope works beside the fish dock. Doors open at ten and close at six, on Fridays at nine in the evening. Closed on Mondays, except on public holidays. Adults pay 12, students 7; under sixteen free. On the first Sunday of each month nobody pays.
## Finding your way
Ground floor: ships and engines. First floor: fishing and food. Second floor: navigation, maps and the library. The tower is reached by 118 steps; there is no lift above the second floor. Wheelchairs are lent at the cloakroom. Large bags go into lockers, which take a one-pound coin.
## The lifeboat Margaret Hale
Built in 1911 of mahogany on oak, she was pulled by ten oars. In 27 years her crews saved 214 people, eighty of them in the gale of February 1926. The cork jackets in the case are original. The hull was found upside down in a garden, where it had served as a shed.
## The steam engine of the tug Hector
This triple-expansion engine delivered 640 horsepower. It runs on compressed air each Wednesday and Saturday at two. The stokers' shift was four hours long, at 45 degrees. Look for the dents in the brass plate: the mate beat on it when the bridge was not answered.
## Herring and the women who packed it
At the height of the season three thousand women came by train to gut and salt the catch. A quick hand could do sixty fish a minute. They bandaged their fingers with strips of flour sacks. Wages were paid by the barrel, and songs kept the pace.
## The smokehouse
The brick chimney belonged to the Torrance family until 1974. Fish hung over oak chips for fourteen hours. You can smell it still. In school holidays a smoker shows the craft at noon, and what he makes may be tasted, as long as supplies last.
## Finding longitude
The chronometer by Aldous Penn, number 31, lost only two seconds on a voyage to Jamaica in 1822. Before such clocks captains guessed, and wrecks were frequent. Turn the wheel to set noon on board and at home, and read how far you have sailed.
## The map room
The oldest sheet is a portolan from Majorca of about 1430, drawn on the skin of a whole sheep. It is shown under dim light and only from April to June; at other times you see a copy. The great globe was made for a merchant who never left the town.
## Wrecks of the sandbank
Forty-one known ships lie beneath the bank. Divers raised the bell of the Santa Rosalia in 1988, together with 600 wine jars. The wooden figurehead of a woman with a crown is from a ship nobody could name. Pieces of eight are shown in the drawer; open it.
## Families, groups and schools
A treasure trail for ages five to ten starts at the desk and ends with a stamp. Groups of twelve or more book at least ten days ahead and pay 9 a head. Teachers come in free for a first look. Birthday parties are held in the net loft on Saturdays for up to fifteen children.
"""

PAPER = """
## Abstract
We report nine years of sediment measurements in a restored tidal marsh on the Elder estuary. Surfaces rose by 6.8 mm a year on average, faster than the local sea level. Plots sown with cordgrass trapped more than bare plots only in the first four years. We conclude that opening the dyke matters more than planting.
## Introduction
Salt marshes protect coasts by slowing waves and by growing with the sea. Many were diked for grazing and sank. Giving land back to the tide has become common, yet long series are rare. Earlier work followed sites for two or three seasons. We ask how fast a surface rises over a decade and whether sowing speeds it up.
## Study site
The site measures 46 hectares and was pasture until the dyke was breached in October 2008. The tidal range is 3.1 m at springs. Soil is silty clay. Sheep are kept out by a ditch. The lowest corner, called the Saucer, lay 70 cm beneath the natural marsh next to it.
## Methods
We installed 24 rod surface elevation tables in four blocks, half of them sown. Readings were taken each March and September by the same two people. Feldspar marker horizons gave the accretion above ground; cores were weighed after drying at 60 degrees. Mixed models had block as a random effect. Storm dates came from the harbour gauge.
## Results: elevation
Elevation rose in every plot. The Saucer gained 11.2 mm a year and the upper edge 3.9 mm. A single surge in December 2013 laid down 19 mm, a quarter of the total in that block. Shrinkage below ground took back about one fifth of what was deposited.
## Results: plants
Sown cordgrass covered 60 percent by the second summer, yet natural arrivals matched it by the fifth. Glasswort came first on bare mud. After nine years we counted 17 species in sown plots and 19 in unsown ones. Geese removed a third of the shoots in spring 2012.
## Discussion
Supply of mud, not vegetation, limited growth. Where creeks were dug before the breach, sediment reached the far end and drainage improved. Planting may still be wise where waves are strong. Our rates would keep pace with a rise of the sea of up to 5 mm a year, not with the worst projections.
## Limits and data
One site cannot speak for all. The tables miss the edges of creeks, where erosion occurs. We did not measure carbon. Readings, photographs and code are in the archive of the estuary trust under number ET-0931. The authors thank the wardens; the work was paid by the Coast Fund, grant 5520.
"""

LEASE = """
## Parties and premises
This lease is made between Quayside Estates Limited, the landlord, and Fernlight Studio, the tenant, for the second floor of 14B Wharf Street with a floor area of 212 square metres, two parking spaces and a share of the yard. Use is limited to design, photography and offices.
## Term and renewal
The lease begins on 1 May 2023 and ends on 30 April 2028. The tenant may prolong it once by three years by written notice given nine months before the end. Staying on without agreement makes double rent due. The landlord may not end the lease early except for serious breach.
## Rent and deposit
Rent is 3,450 a month, due on the third working day. It goes up each May with the consumer price index, at most by four percent. The deposit equals three months of rent and is kept in a separate account. Late payment bears interest of eight percent.
## Running costs
The tenant pays 18 percent of the costs of the building: heating of shared areas, lift, cleaning, insurance of the shell, and the caretaker. Advance payments of 410 a month are settled each June. Costs of repairing the roof and the facade belong to the landlord.
## Repairs and alterations
The tenant keeps the inside in good order and repairs damage below 300 alone. Walls may be moved only after written consent and must be put back at the end if the landlord so demands. Drilling into the cast-iron columns is forbidden. Painting in white is due every five years.
## Subletting and assignment
A desk may be shared with freelancers without asking, up to four persons. Letting the whole floor to others needs consent, which may be refused only for good reason. If the studio is sold, the buyer may take over the lease after a check of its credit.
## Insurance and liability
The tenant insures contents and public liability for at least two million. The landlord does not answer for flooding from the river above the mark on the quay wall. Goods are brought up at the tenant's risk; the hoist carries 400 kg.
## Ending and handover
Keys, nine of them, are returned on the last day before noon. The rooms are swept clean and lamps left in place. A record with pictures is made by both sides. The deposit comes back within six weeks after deductions. Disputes go first to the mediator at the chamber of commerce.
"""

MINUTES_MARCH = """
## Opening and attendance
The board of the Millbrook Allotment Society met on 12 March 2024 in the seed store. Present: Okafor (chair), Lindgren, Baptiste, Rao, Whitlock. Apologies: Tanaka. The minutes of January were agreed without change. Eleven members watched.
## Water and fences
The well pump failed in February; Rao obtained two offers. The board chose Kestrel Pumps for 2,280. The eastern fence will be replaced over 90 metres by volunteers on 20 April; Baptiste buys the posts. A lock for the gate costs less than feared.
## Plots and waiting list
There are 64 people waiting; the average wait is three years. Six plots were given back. The board agreed to halve plots larger than 300 square metres whenever they become free. Whitlock warned that halves need new paths. Carried by four to one.
## Money
Lindgren reported 9,410 in the account. The yearly fee rises from 55 to 60 beginning in October. A grant of 1,500 for an accessible path was approved by the town. Insurance went up by a tenth. The accounts will be examined by Mrs Doyle.
"""

MINUTES_JUNE = """
## Opening and attendance
The board of the Millbrook Allotment Society met on 18 June 2024 in the seed store. Present: Okafor (chair), Lindgren, Rao, Tanaka, Whitlock. Apologies: Baptiste. The minutes of March were agreed with one correction of a name. Nineteen members watched.
## Bees and bonfires
The request by two members to keep four hives behind the orchard was granted for a trial of one year; Tanaka watches over it. Bonfires are from now on allowed only in November, after complaints by the school. Whoever breaks this loses the plot after a second warning.
## Plots and waiting list
The list has shrunk to 58 people. Three plots were divided under the new rule. A plot for the primary school was agreed, free of charge, beside the tool shed. Rao asked for a map that shows numbers correctly; Okafor will draw it before autumn.
## Money
Lindgren reported 7,120 in the account after paying for the pump. The path grant arrived. The summer fair brought 840, twice as much as last year. The board rejected the purchase of a shredder at 3,900 and will rent one for two weekends.
"""

BIKE = """
## About this workshop guide
This guide is for mechanics who look after the Packhorse L2 cargo bicycle. Do the yearly inspection in the order of the pages. Torque values are for dry threads. Support the frame at the seat tube, never at the load bed. Switch the battery off and remove it before any work.
## Battery and charging
The battery stores 504 watt hours and weighs 3.1 kg. Store it at half charge between 10 and 20 degrees. It loses about a fifth of its capacity after 500 full cycles. A red blinking lamp means that it is too cold to charge: below zero the charger waits. Dents mean disposal.
## Motor and sensor
The mid motor is bolted with six screws at 22 newton metres. If support cuts out on bumps, check the gap of the speed sensor: 5 to 12 mm between magnet and housing. A humming noise under load comes from dry bearings in the first series, which is replaced free of charge up to number 4100.
## Brakes
The hydraulic brakes use mineral oil. Pads are changed when the lining is thinner than 0.8 mm. Discs are worn below 1.6 mm. To bleed, fix the syringe on the caliper and push until no bubbles rise at the lever. New pads need thirty firm stops before they bite.
## Steering linkage
The front wheel is turned by a rod with two ball joints. Play is felt when the handlebar moves by more than three degrees before the wheel follows. Grease the joints every 1,000 km. The rod's lock nut takes 14 newton metres. A bent rod is replaced, never straightened.
## Chain, belt and gears
The belt version needs no oil; wash it with water. Its tension is right at 45 hertz measured with the phone. The chain version is checked with the gauge and changed at 0.75 percent. The hub gear gets fresh oil every 5,000 km or once in two years.
## Load bed and child seats
The bed carries 100 kg, bench included. Two children up to six years may ride, with belts fastened. Wood is oiled every spring. Loose rattling mostly comes from the hinge at the front board: put a rubber washer in. The rain cover has to be taken off above 60 km/h on a car carrier.
## Wheels and tyres
Front 20 inch at 3.5 bar, rear 26 inch at 4 bar. Spokes on the rear wheel are tightened to 1,200 newtons after the first 300 km. Tubeless is not released for the front. If a spoke breaks twice, rebuild the wheel with 2.3 mm spokes.
"""

INSURANCE = """
## What this wording covers
The policy protects your household goods in the home named in the schedule against fire, lightning, burglary, piped water, storm and hail. It pays what it costs to buy the thing new. Together with the schedule and your proposal this wording forms the contract. Words in bold are explained at the end.
## Storm and hail
Storm means wind of force eight or more. Damage to awnings and aerials is included as far as only you use them. Rain that enters through windows left open is excluded. In the garden, furniture is covered up to 500. After a storm secure the roof and take pictures before you tidy.
## Water
We pay for damage by water that escapes from pipes, hoses, heating and aquariums. We do not pay for rising groundwater, sewage backing up or mould that came slowly. In winter an empty house must be heated or its pipes drained. Leak detection costs are met up to 1,200.
## Burglary and theft
Burglary requires that somebody broke in, used false keys or hid inside. Simple theft of bicycles is covered only with the extra module and up to one percent of the sum insured. Cash outside a safe is limited to 1,000 and jewellery to 15,000. Report to the police within a day and hand in a list of stolen items.
## Things away from home
Belongings that you carry on journeys are insured worldwide for up to three months, to ten percent of the sum insured. Student rooms of children in education count as part of the home. Tools for your trade are covered in the cellar but not in a van left in the street overnight.
## Your duties
Tell us when you move, rebuild, leave the home empty for more than 60 days or put up scaffolding. Keep smoke detectors working. If you break a duty through gross carelessness we may cut the payment according to the weight of the fault.
## Making a claim
Call or write within seven days. Keep damaged things until we have looked at them. We pay within two weeks after we have all papers, and an advance after one month on request. The excess is 250 for each claim, and none for damage by fire. Experts may be named by both sides if we disagree.
## Premium and cancelling
The premium is due yearly in advance. If a reminder remains unpaid for fourteen days, cover ends. You may cancel three months before the end of the insurance year, and within a month after each claim. When the sum insured is high enough we waive the check for under-insurance.
"""

WAREHOUSE = """
## Geltungsbereich und Arbeitszeit
Diese Ordnung gilt für alle Beschäftigten des Lagers Nord, auch für Leihkräfte und Fahrer fremder Speditionen. Die Frühschicht beginnt um 5.30 Uhr, die Spätschicht um 13.45 Uhr. Zwischen den Schichten liegt eine Übergabe von fünfzehn Minuten. Überstunden ordnet allein die Schichtleitung an; sie werden innerhalb von drei Monaten ausgeglichen.
## Pausen und Kantine
Wer länger als sechs Stunden arbeitet, macht 35 Minuten Pause. Die Kantine gibt warmes Essen von elf bis halb zwei aus; ein Gericht kostet 4,20 Euro. Rauchen ist nur unter dem Vordach an der Rampe 7 erlaubt. In der Halle wird weder gegessen noch getrunken, ausgenommen Wasser aus verschließbaren Flaschen.
## Gabelstapler
Einen Stapler fährt nur, wer den Ausweis am Band trägt. Schneller als 8 km/h wird in der Halle nicht gefahren. Personen werden nicht auf den Gabeln befördert. Vor jeder Fahrt prüft der Fahrer Bremse, Hupe und Licht und trägt es in das Heft am Lenkrad ein. Die Batterien werden nur im belüfteten Raum neben Tor 3 geladen.
## Wareneingang
Lieferungen werden bis 15 Uhr angenommen. Jede Palette bekommt innerhalb von 40 Minuten ein Etikett. Beschädigte Ware wird fotografiert, bevor der Fahrer unterschreibt. Ein Fehlbestand von mehr als zwei Prozent wird dem Einkauf am selben Tag gemeldet. Kühlware hat Vorrang und steht höchstens zehn Minuten auf der Rampe.
## Retouren
Zurückgeschickte Sendungen kommen in die Gitterboxen mit dem blauen Streifen. Über eine Gutschrift entscheidet der Kundendienst, nicht das Lager. Ungeöffnete Ware kehrt nach der Sichtprüfung ins Regal zurück; geöffnete wird zwei Wochen aufbewahrt und dann gespendet.
## Inventur
Gezählt wird am letzten Samstag im Januar. An diesem Tag ruhen Eingang und Versand. Zwei Personen zählen unabhängig voneinander; weichen sie um mehr als drei Stück ab, zählt eine dritte. Leiterin der Inventur ist Frau Ahlers.
## Brand und Räumung
Bei Alarm verlassen alle die Halle durch die grünen Türen und sammeln sich auf dem Parkplatz hinter dem Pförtnerhaus. Aufzüge werden nicht benutzt. Die Schichtleitung nimmt die Anwesenheitsliste mit. Geprobt wird zweimal im Jahr. Feuerlöscher sind alle 20 Meter angebracht.
## Schlüssel und Ausweise
Ein verlorener Ausweis wird sofort gesperrt; der Ersatz kostet 15 Euro. Schlüssel für die Gefahrstoffkammer gibt es nur gegen Unterschrift beim Pförtner. Besucher tragen eine gelbe Weste und werden begleitet.
"""

LIBRARY = """
## Inscription et carte
La médiathèque de Valbrune est ouverte à tous. L'inscription est gratuite jusqu'à dix-huit ans et coûte 14 euros par an pour les adultes. Il faut présenter une pièce d'identité et un justificatif de domicile. Une carte perdue est remplacée contre 3 euros. La carte est personnelle et ne se prête pas.
## Prêt des documents
On peut emprunter douze documents à la fois pour quatre semaines. Les films et les jeux se gardent une semaine seulement. Le prêt peut être prolongé une fois, sauf si un autre lecteur attend. Les dictionnaires et les journaux du jour se consultent sur place.
## Retards et documents perdus
Après deux rappels, le prêt est suspendu pendant autant de jours que le retard a duré. Il n'y a pas d'amende. Un livre perdu ou abîmé est remplacé par le lecteur; un film est remboursé 30 euros, car les droits de prêt sont compris dans son prix.
## Réservations
Cinq réservations sont possibles par carte. Un document réservé attend le lecteur pendant huit jours à la banque d'accueil. Un message part le matin même. Qui ne vient pas trois fois de suite perd le droit de réserver pendant deux mois.
## Ordinateurs et imprimantes
Les postes s'utilisent une heure par jour, davantage quand personne n'attend. Une page imprimée en noir coûte dix centimes, en couleur quarante. Le réseau sans fil est ouvert aux inscrits avec le numéro de la carte. Il est interdit d'installer des logiciels.
## Salle d'étude et salle de musique
La salle d'étude compte trente-deux places et reste silencieuse. La salle de musique, avec son piano, se réserve par créneaux de 45 minutes. Les groupes de plus de six personnes demandent l'accord de la directrice, Mme Servane Lecoq, une semaine avant.
## Horaires
La médiathèque ouvre du mardi au samedi, de 10 heures à 18 h 30, et le jeudi jusqu'à 20 heures. Elle ferme les deux premières semaines d'août pour l'inventaire. Une boîte de retour, à gauche de l'entrée, accepte les livres la nuit.
## Dons
Les dons de livres sont acceptés le premier mercredi du mois, au plus vingt volumes par personne. Ce qui n'entre pas dans les collections est vendu en octobre au profit des écoles. Les encyclopédies et les cassettes sont refusées.
"""

QUARTER = """
## Summary
Lantern Street Bakeries sold goods for {sales} thousand euros in the {quarter} quarter of {year}, {change}. Operating profit was {profit} thousand. {reason} The number of shops stood at {shops} at the end of {month}.
## Sales by region
In thousands of euros, quarter ended {end}
Region Bread Pastry Coffee Total
{table}
Sales to hotels are part of the region in which the hotel lies. Coffee includes tea and cold drinks.
## Costs and flour
Flour was bought at {flour} euros a tonne on average. Energy took {energy} percent of sales. Wages came to {wages} thousand euros. The oven line in Halden was out of order for {down} days. Packaging is charged to the region that uses it.
## People
At the end of the quarter {staff} people worked for the bakeries, {apprentices} of them apprentices. {accident} accidents led to lost days. Staff turnover was {turnover} percent at a yearly rate.
## Outlook
For the coming quarter the management expects sales of {next} thousand euros. {plan}
"""

QUARTER_VALUES = {
    "Q4-2023": dict(
        quarter="fourth",
        year=2023,
        month="December",
        end="31 December 2023",
        sales="4,812",
        change="3.1 percent more than a year before",
        profit=391,
        reason="Stollen and gift boxes carried the season.",
        shops=27,
        table="North 812 344 205 1,361\nCoast 690 401 298 1,389\nHills 455 187 96 738\nCity 588 372 364 1,324",
        flour=412,
        energy="7.4",
        wages="1,655",
        down=2,
        staff=318,
        apprentices=24,
        accident="Four",
        turnover=19,
        next="4,350",
        plan="A shop in Port Ansel opens in February.",
    ),
    "Q1-2024": dict(
        quarter="first",
        year=2024,
        month="March",
        end="31 March 2024",
        sales="4,406",
        change="1.8 percent more than a year before",
        profit=288,
        reason="A mild January kept people from coming in for soup.",
        shops=28,
        table="North 745 298 188 1,231\nCoast 641 355 301 1,297\nHills 421 160 88 669\nCity 541 330 338 1,209",
        flour=389,
        energy="8.1",
        wages="1,690",
        down=6,
        staff=322,
        apprentices=23,
        accident="Two",
        turnover=21,
        next="4,600",
        plan="The mill contract is put out to tender in May.",
    ),
    "Q2-2024": dict(
        quarter="second",
        year=2024,
        month="June",
        end="30 June 2024",
        sales="4,731",
        change="5.6 percent more than a year before",
        profit=402,
        reason="Terraces opened early, and iced coffee doubled.",
        shops=30,
        table="North 776 312 231 1,319\nCoast 702 398 388 1,488\nHills 430 171 104 705\nCity 559 341 319 1,219",
        flour=371,
        energy="6.2",
        wages="1,748",
        down=0,
        staff=341,
        apprentices=22,
        accident="Three",
        turnover=17,
        next="4,950",
        plan="Two shops are rebuilt in August and close for nine days each.",
    ),
}

ANNUAL = """
## Business
Harrow Instruments builds balances, pumps and heating plates for laboratories. It sells through dealers in 31 countries and directly to universities. Three plants, in Harrow, Leiden and Tampere, make everything that carries the name. The fiscal year {year} ended on 30 September {year}. No customer stands for more than six percent of net sales.
## Risks
Prices of special steel and of sensors rise faster than our own. A dealer that fails takes its stock with it. Most receivables are in foreign money; a strong home currency lowers net sales and operating income. The plant in Leiden lies below the level of the canal, and its insurance has a ceiling.
## Discussion of the results
Net sales grew because of {driver}. Gross margin moved with the price of sensors. Operating income was held back by {held}. Capital expenditures went mostly into {capex_for}. Cash from operations paid for the dividends. We expect depreciation to rise in the year to come, and working capital to stay where it is.
## Consolidated Statements of Operations
Harrow Instruments, fiscal years ended 30 September, in thousands
{year} {before}
{income}
## Consolidated Balance Sheets
Harrow Instruments, at 30 September, in thousands
{year} {before}
{balance}
## Consolidated Statements of Cash Flows
Harrow Instruments, fiscal years ended 30 September, in thousands
{year} {before}
{cash}
## Note 4: Property and leases
Plant and equipment is written off over four to twelve years, buildings over thirty. The company rents its sales offices; the longest contract ends in {lease_end}. Machines worth {pledged} thousand are pledged to the bank in Tampere. Nothing was written down in the year.
## Note 9: Segments
{segments}
The heating segment moved its assembly to Leiden. Sales between segments are at cost plus six percent and are left out of the figures above.
"""

ANNUAL_VALUES = {
    2022: dict(
        year=2022,
        before=2021,
        driver="the new pump series and two acquisitions of dealers",
        held="freight",
        capex_for="a coating line in Tampere",
        lease_end=2029,
        pledged="1,150",
        income="Net sales 84,310 78,925\nCost of sales 49,120 46,870\nGross profit 35,190 32,055\nSelling, general and administrative 17,640 16,215\nResearch and development 6,085 5,730\nOperating income 11,465 10,110\nInterest expense 910 845\nIncome before taxes 10,555 9,265\nIncome taxes 2,430 2,040\nNet income 8,125 7,225",
        balance="Cash and cash equivalents 9,870 8,415\nAccounts receivable 13,240 12,060\nInventories 15,905 14,380\nTotal current assets 39,015 34,855\nProperty, plant and equipment, net 27,460 25,890\nGoodwill 6,200 4,900\nTotal assets 72,675 65,645\nAccounts payable 8,330 7,905\nTotal current liabilities 15,720 14,610\nLong-term debt 18,500 17,000\nTotal liabilities 34,220 31,610\nTotal equity 38,455 34,035",
        cash="Net income 8,125 7,225\nDepreciation and amortization 3,960 3,715\nChange in inventories (1,525) (890)\nNet cash provided by operating activities 10,640 10,215\nPurchases of property, plant and equipment (5,530) (4,270)\nAcquisitions (1,450) 0\nNet cash used in investing activities (6,980) (4,270)\nDividends paid (3,705) (3,420)\nProceeds from borrowing 1,500 0\nNet cash used in financing activities (2,205) (3,420)",
        segments="Balances 31,450 29,880\nPumps 33,095 29,640\nHeating 19,765 19,405",
    ),
    2023: dict(
        year=2023,
        before=2022,
        driver="higher prices and the first full year of the acquired dealers",
        held="wages and a strike in Leiden",
        capex_for="solar roofs and a store for finished goods in Harrow",
        lease_end=2031,
        pledged="980",
        income="Net sales 91,775 84,310\nCost of sales 55,260 49,120\nGross profit 36,515 35,190\nSelling, general and administrative 18,905 17,640\nResearch and development 6,990 6,085\nOperating income 10,620 11,465\nInterest expense 1,085 910\nIncome before taxes 9,535 10,555\nIncome taxes 2,290 2,430\nNet income 7,245 8,125",
        balance="Cash and cash equivalents 7,125 9,870\nAccounts receivable 14,890 13,240\nInventories 18,310 15,905\nTotal current assets 40,325 39,015\nProperty, plant and equipment, net 31,015 27,460\nGoodwill 6,200 6,200\nTotal assets 77,540 72,675\nAccounts payable 9,465 8,330\nTotal current liabilities 17,180 15,720\nLong-term debt 18,400 18,500\nTotal liabilities 35,580 34,220\nTotal equity 41,960 38,455",
        cash="Net income 7,245 8,125\nDepreciation and amortization 4,310 3,960\nChange in inventories (2,405) (1,525)\nNet cash provided by operating activities 8,915 10,640\nPurchases of property, plant and equipment (7,865) (5,530)\nNet cash used in investing activities (7,865) (6,980)\nDividends paid (3,740) (3,705)\nRepayment of borrowing (55) 0\nNet cash used in financing activities (3,795) (2,205)",
        segments="Balances 33,210 31,450\nPumps 37,940 33,095\nHeating 20,625 19,765",
    ),
}


def documents() -> list[tuple[str, str, str, dict[str, object]]]:
    """(file name, title, sections, values) of every document, in the order in which they are written."""
    names = {
        2021: "EmpHandbook2021.pdf",
        2022: "employee_handbook_2022_v2.pdf",
        2023: "EMPLOYEEHANDBOOK2023.pdf",
        2024: "emp-handbook-2024-final.pdf",
    }
    out: list[tuple[str, str, str, dict[str, object]]] = []
    for year, values in HANDBOOK_VALUES.items():
        out.append(
            (names[year], f"Employee Handbook {year}", HANDBOOK, {"org": "Tessel & Brandt", "year": year, **values})
        )
    for model, file in (("AJ300", "AquaJetAJ300_usermanual.pdf"), ("AJ500", "AQUAJETAJ500UM.pdf")):
        out.append(
            (
                file,
                f"AquaJet {model} washing machine: instructions for use",
                WASHER,
                {"model": model, **WASHER_VALUES[model]},
            )
        )
    out.append(("labsafety_chem-bldg7.pdf", "Safety in the chemistry laboratories", LAB, {}))
    for region, file in (("EMEA", "TRAVELPOLICY_EMEA_FY24.pdf"), ("Americas", "TravelPolicy-Americas-FY24.pdf")):
        out.append((file, f"Travel policy {region}", TRAVEL, TRAVEL_VALUES[region]))
    for file, title, text in (
        ("netops_runbook_rev9.pdf", "Network operations runbook", RUNBOOK),
        ("winterkitchen.pdf", "The Winter Kitchen", COOK),
        ("MuseumGuide_HarbourHall.pdf", "Harbour Hall: a guide for visitors", MUSEUM),
        ("sorokin2019_tidalmarsh.pdf", "Nine years of surface elevation change in a restored tidal marsh", PAPER),
        ("Lease_14BWharfStreet_signed.pdf", "Lease of business premises", LEASE),
        ("minutes_boardmtg_2024-03.pdf", "Minutes of the board meeting", MINUTES_MARCH),
        ("minutes_boardmtg_2024-06.pdf", "Minutes of the board meeting", MINUTES_JUNE),
        ("cargobikeservice.pdf", "Packhorse L2: workshop guide", BIKE),
        ("homeinsPolicyWording.pdf", "Household contents insurance: policy wording", INSURANCE),
    ):
        out.append((file, title, text, {}))
    out.append(("Lagerordnung_Nord_2023.pdf", "Lagerordnung für das Lager Nord", WAREHOUSE, {}))
    out.append(("reglement-mediatheque.pdf", "Règlement de la médiathèque de Valbrune", LIBRARY, {}))
    for quarter, values in QUARTER_VALUES.items():
        out.append((f"LanternStBakeries_{quarter}.pdf", "Lantern Street Bakeries: quarterly report", QUARTER, values))
    for year, values in ANNUAL_VALUES.items():
        out.append((f"HARROWINSTR_{year}_AR.pdf", f"Harrow Instruments: annual report {year}", ANNUAL, values))
    return out
