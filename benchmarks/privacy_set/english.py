"""English sentences, letters, forms and tables with slots, and the people in them, of many origins.

Names were written down by hand, none was taken from a list that the finder uses. OPEN is what the finder may be
tuned on, HELD_OUT is only measured.
"""

OPEN_GIVEN = """John Emily Priya Chidinma Fatima Wei Mateo Siobhan Lars Olga Hiroko Kwame Zainab Thabo Rosa Dmitri Ngozi Aarav
Jürgen Chloé Mei-Ling Tariq Guadalupe Ethan Margaret Bjorn Soo-Jin Ayodele Leilani Tamsin Mark Grace""".split()
HELD_OUT_GIVEN = """Michael Sarah Anjali Oluwaseun Amina Xiu José Niamh Sven Irina Kenji Kofi Mariam Sipho Lucia Vladimir Adaeze Rohan
Günther Zoë Jia Khalid Esperanza Liam Dorothy Astrid Min-Ji Temitope Keola Rhiannon Will Hope""".split()
OPEN_SURNAMES = """Smith O'Brien Patel Okafor Hussein Zhang García MacLeod Lindqvist Ivanova Tanaka Mensah Abubakar Mokoena Moretti
Volkov Eze Krishnamurthy Schäfer Dubois Chen Rahman Hernández Whitlock Featherstonehaugh Sigurdsson Park Adebayo Kahananui Trevelyan Baker
Young""".split()
HELD_OUT_SURNAMES = """Johnson McCarthy Deshmukh Adeyemi Al-Masri Huang Álvarez Gallagher Johansson Petrova Yamashita Owusu Diallo
Dlamini Rossi Sokolov Nwosu Venkataraman Müller Lefèvre Wang Siddiqui Quispe Ashcombe Cholmondeley Halvorsen Choi Ogunleye Kealoha Penhaligon
Cook Long""".split()

OPEN = """Dear {given},\\n\\nThank you for your order {order}. We will ship it to {address}.\\n\\nKind regards,\\n{name2}
My name is {name} and I was born on {birth}.
Patient: {name}\\nDOB: {birth}\\nPhone: {phone}\\nMRN: {code}
Please call {name} at {phone} before {date}.
Mr. {sur} reported that the invoice {order} was paid twice.
Dr. {name} will see you at {time} in room 12.
{name} said that the shipment left {city} on {date}.
You can reach me at {email} or {phone}.
Contact: {name}, {email}, {phone}
Ask {given} whether the {code} is in stock.
I spoke to {name} yesterday; {given} promised a refund of {price}.
The plaintiff, {name}, resides at {address}.
Ship to:\\n{name}\\n{address}\\n{city}, {state} {zip}
Her social security number is {ssn} and her date of birth is {birth}.
SSN: {ssn}\\nName: {name}
Card number {card}, expires 09/27, name on card {name}.
Please charge my Visa {card}.
Wire the money to account number {account}, routing number {routing}.
IBAN: {iban} (holder: {name})
Passport No. {passport}, issued to {name} on {date}.
Driver's license: {licence}, state of {state}.
The password is {password}, please change it after login.
export OPENAI_API_KEY={apikey}
Use {url} to connect to the staging database.
Failed login for user admin from {ip} at {time}.
Name,Phone,Email\\n{name},{phone},{email}\\n{name2},{phone2},{email2}
| Name | Date of birth | City |\\n|---|---|---|\\n| {name} | {birth} | {city} |\\n| {name2} | {birth2} | {city} |
From: {name} <{email}>\\nSubject: Order {order}
{name2} and {name} were both present at the deposition on {date}.
Nurse {sur} took the blood pressure: 120/80.
We hired {name} as the new plant manager in {city}.
Thanks,\\n{given}
{sur}, {given} ({birth}), admitted {date}, discharged with {code}.
According to {name}, the machine {code} stopped at {time}.
Hi {given}, can you send the file to {email}?
My mobile is {phone}. My wife's is {phone2}.
The lease is between {org} and {name} of {address}.
Prof. {sur}'s lecture was moved to {time}.
Our client {name}, born {birth}, claims {price} in damages.
Witness statement of {name}\\nI live at {address}.
Please update my address to {address}. My old ZIP was {zip}.
Is {name} still with {org}? No, {given} left in {date}.
Sincerely,\\n{name}\\n{org}\\nTel. {phone}
{given} and {given2} are out sick, so {name3} will cover the shift.
I met {name} at the conference in {city}; she knows {name2}.
{name}'s flight lands at {time}.
Reviewed by {name} on {date}
Participants: {name}, {name2}, {name3}
Was it {given} who signed for the parcel {tracking}?
Per {name}: hold {order} until {date}.
The invoice goes to {name}, not to {name2}.
@{given} please check {code}
{name} (born {birth}) lives with her sister {name2}.
Mr {name} and Mrs {name2} bought the house at {address}.
Q: Who approved it?\nA: {name} did.
- {name}: {phone}\n- {name2}: {phone2}
Thank you, {name}, for your patience.
Then {given} whispered that {given2} had left.""".split("\n")

HELD_OUT = """Hello {given},\\nyour appointment with Dr. {sur2} is confirmed for {date} at {time}.\\nReply to {email}.
I'm {name}, calling about claim {order}.
Name: {name}\\nDate of Birth: {birth}\\nHome phone: {phone}\\nAddress: {address}
The defendant {name} was served at {address} on {date}.
Could you ring {given} back on {phone}? It's about the {code}.
Ms. {sur} has approved the purchase of {price}.
Yesterday {name} visited our office in {city}.
Attn: {name}\\n{org}\\n{address}
Employee,DOB,SSN\\n{name},{birth},{ssn}\\n{name2},{birth2},{ssn2}
Her name was {name} and she worked for {org}.
As {name} explained in the email of {date}, the parts {code} are late.
{given} forgot to lock the cabinet again.
Signed: {name}\\nDated: {date}
The caller gave {phone} as the callback number and {email} as the address.
Borrower's SSN {ssn}; co-borrower {name}.
We refunded {price} to the card {card} on {date}.
Visa {card} was declined for {name}.
Bank details: acct no. {account}, ABA {routing}, beneficiary {name}.
Transfer it to {iban} please.
Her passport number is {passport} and it expires on {date}.
He showed a driver licence, number {licence}, as proof.
Login: {email} / password: {password}
token = "{apikey}"
Connection string: {url}
Blocked {ip} after five attempts.
User: Who is the attending physician?\\nAssistant: That would be Dr. {name}; her pager is {phone}.
In re estate of {name}, deceased, born {birth}.
To: {name}\\nCC: {name2}\\nRe: delivery {order}
{name}, {birth}, {phone}
The minutes were taken by {name}; {name2} chaired the meeting.
Send the parcel to {name}, {address}, {city}, {state} {zip}.
This is {given} from {org}. Is {given2} available?
Best,\\n{name}\\n{phone}
Mrs. {name} complained about the noise near {city} station.
Tell {given} and {given2} that the audit starts at {time}.
She was born on {birth} in {city}.
Interview with {name} ({email}), expected salary {price}
{name} of {org} signed the contract for {price}.
On {date}, nurse {name} gave 5 mg of the drug.
Emergency contact: {name} (husband), cell {phone}
Dear Mr. {sur},\\nwe regret to inform you that order {order} is delayed.
Deliver to {address}; the gate code is with {given}.
{given}'s laptop ({code}) was stolen in {city}.""".split("\n")

OPEN_NEGATIVE = """Order {order} was shipped on {date} for {price}.
The part number is {code} and the EAN is {jan}.
{org} opened a factory in {city} in March.
Version {version} was released on {date}.
Baker Street and Park Avenue are closed for repairs on Monday.
The General Court heard the case on {date}; see Article 12, Section 3.
Dear Customer, your invoice {order} of {price} is due on {date}.
Press Save As in the File menu, then choose Export.
Tracking number {tracking} is on its way.
Blood pressure 120/80, pulse 72, temperature 98.6.
United States and European Union signed the Paris Agreement.
Room 212, extension of the deadline to {date}.
Please reset your password if you cannot log in.
Microsoft Word and Google Chrome need an update.
The Supreme Court of India ruled in New Delhi.
Machine Learning Engineer, Human Resources, Customer Support
Dimensions {dim}, weight 3.5 kg, lot {code}.
Johnson & Johnson and Morgan Stanley reported earnings.
May I leave early? Will it rain in April? Mark the date.
The year 1985 and the range 100-200 are examples.
Serial no. {slip}, calibrated {date}.""".split("\n")
HELD_OUT_NEGATIVE = """Invoice {order} for {price} was issued on {date}.
The barcode {jan} belongs to lot {code}.
{org} and the City of {city} agreed on the plan.
Release {version} fixes the crash of {date}.
Long Beach and Cook County are in the United States.
Section 230 of the Communications Decency Act applies.
Dear Sir or Madam, we received your letter of {date}.
Open Settings, then Privacy and Security, then Clear Data.
Your parcel {tracking} arrives between 9:00 and 11:30.
Glucose 5.4 mmol/L, sodium 140, potassium 4.1.
The World Health Organization met in Geneva on Tuesday.
The quick brown fox has 1234567 followers.
Your password must have at least eight characters.
Amazon Web Services and Apple Music were down.
The High Court of Justice in London dismissed the appeal.
Senior Project Manager, Quality Assurance, Front Desk
The shaft measures {dim} and costs {price}.
Goldman Sachs and Wells Fargo raised rates.
Hope is not a plan. Will you sign? Grace periods last 30 days.
See pages 120-145 and table 3-2-1.
ISBN {isbn}, second edition, {date}.""".split("\n")
