"""English words that decide whether capitalised words beside them are a person."""

from backend.data.privacy.word_set import word_set

TITLES = word_set("""
mr mrs ms miss mx dr prof professor doctor sir madam dame lord lady judge justice nurse attorney officer detective
sergeant captain colonel major lieutenant general rev reverend father sister brother rabbi imam senator congressman
congresswoman governor mayor president chairman chairwoman coach counselor counsellor barrister solicitor inspector
constable aunt uncle herr frau monsieur madame señor señora
""")
AMBIGUOUS = word_set("""
will may april june august mark grant bill rich art hope faith grace joy rose lily iris ivy summer autumn dawn eve
sunny sandy rusty chase hunter mason carter cooper tucker parker taylor drew rob pat sue ray dale glen cliff heath
brook rock stone frank ernest earnest guy max gene jean jack dean earl duke prince king norm miles chance destiny
harmony melody charity patience prudence honor liberty justice heaven angel christian jewel pearl ruby amber crystal
ginger sage basil olive cherry candy honey star sky storm river lake forest paris london georgia virginia carolina
dakota austin houston dallas madison lincoln jackson jordan israel china india asia africa america chelsea brooklyn
sydney florence vienna valencia victoria regina lourdes mercedes porter page reed young long best price street hill
bay win an so do my to in on at be he she it we no yes the and but or for not you all any can has had her him his
how man new now old see two way who did get let put say too use dad mom son day our out one are was well than then
them this that they time love sun ming song san van von de la le da mac shall sure true blue gray grey brown green
white black bran ram mint wing bo ha mi ai data media area add al almond among arts asks author baby ball bare beat
beer bell bent beta bills binder bins bird block bones boss brain branch brands bright browning buddy bull burns
bush captain car carry cases char cherish cinnamon close comfort conn contractor convey cook cools coral cousin
cruise deep diamond din divine doll dot early echo elif else essence ever fair fall fan fate fed fee fleet flood
floor flora flowers font foot forget foster fox freely fresh frost fry gauge glass glasses golden greet guard gun
halls hammer hand harm harsh haven held hence herd house hug hung hunt innocent jail job journey key kidney killer
lang lawyer lean lemon len les lie lies line link lips little loan lot low made male marine marks master mat math
mats meadow mentor meta min mist monks nail oak odd odds oral orange pace pages palm pan parent parks parts peace
peer pepper per pi pink pleasant pole pop power powers raid rand read reader real reason rice richer riddle ridge
ring rocky roll room roots rush sad said sales sans sellers serenity server seven shade sharp shine short silver
sincere sing singer skip small smart snow soon stack stark stern stock storms story strong suits sunshine tailor tan
tank tea theta ties till tiny tone treasure una unique unknown urban val valid victory vida wall walls wash waters
watts weeks wild wise worth yoga reef familia normal major minor cash case bond sterling royal noble loyal constant
contrary clay wood woods field fields bishop abbot monk pope monday tuesday wednesday thursday friday saturday
sunday january february march july september october november december north south east west central trinity nova
era arch tab paige bradford windsor kent clarence
""")
"""Given names that are as often another word: alone they are taken only after a title or a greeting."""
PLACES = word_set("""
denver orlando phoenix cleveland memphis richmond raleigh savannah charlotte bristol chester lancaster kingston
milan roma siena verona columbus boston chicago berlin lisbon geneva warsaw cairo lagos delhi hamilton
wellington perth durham salem eugene aurora modesto laredo irving arlington preston carlisle derby stafford newton
marion troy camden helena santiago sofia asia paris london georgia virginia carolina dakota austin houston dallas
madison lincoln jackson jordan israel china india africa america chelsea brooklyn sydney florence vienna valencia
lourdes windsor kent miami manila holland
""")
"""Places that are in lists of names too: alone they are never a person."""
COMPANY = word_set("""
inc ltd llc llp plc corp corporation co company gmbh ag sa kg bv ab oy group holdings bank trust fund partners
associates brothers bros sons hospital clinic university college school institute academy foundation association
society union council committee commission agency department ministry bureau office court church cathedral museum
library theatre theater hotel inn airport station street avenue road lane boulevard drive square park bridge county
city town village river lake mountain mount mt hills bay beach island islands valley hall building tower centre
center press times post journal news magazine award prize cup league series act agreement treaty law rule theorem
syndrome disease test scale controls motors electric electronics technologies technology systems software solutions
services industries international traders trading tools foods airlines airways railway studios pictures records
entertainment logistics pharma pharmaceuticals stanley sachs fargo gate st ave rd blvd way place terrace hospitality
consulting energy steel chemical chemicals capital
""")
"""What makes the words before it a company, a place, a law."""
SURNAMES_TOO = word_set("""
park hill hall lane church banks field stanley bridge village mount rivers lake prize cup books
""")
"""Words of COMPANY that are surnames as well."""
BRANDS = frozenset(
    (
        "morgan stanley",
        "wells fargo",
        "goldman sachs",
        "charles schwab",
        "merrill lynch",
        "ernst young",
        "arthur andersen",
        "jp morgan",
        "john deere",
        "eli lilly",
        "johnson controls",
        "hewlett packard",
        "harley davidson",
        "calvin klein",
        "ralph lauren",
        "tommy hilfiger",
        "louis vuitton",
        "estee lauder",
        "mary kay",
        "warner bros",
        "dow jones",
        "rolls royce",
        "aston martin",
        "land rover",
        "alfa romeo",
        "general electric",
        "baker hughes",
        "booz allen",
        "freddie mac",
        "fannie mae",
        "jack daniels",
        "johnnie walker",
        "jim beam",
        "wall street",
        "white house",
        "marie curie fellowship",
        "lloyds",
        "barclays",
        "lehman brothers",
    )
)
"""Companies that are named like people."""
NO_NAME = word_set("""
the a an and or but if then this that these those i we you he she it they my your our his her its their who what
when where why how which is are was were be been has have had do does did can could will would shall should may
might must not no yes ok okay dear hi hello hey good morning afternoon evening night thanks thank regards sincerely
best kind warm yours cheers welcome sorry please monday tuesday wednesday thursday friday saturday sunday mon tue
wed thu fri sat sun january february march april june july august september october november december jan feb mar
apr jun jul aug sep sept oct nov dec spring summer autumn winter today tomorrow yesterday customer client patient
user assistant system admin team all everyone sir madam colleague colleagues friend friends applicant candidate name
address phone email tel fax mobile cell date birth dob number order invoice account card contact subject from to cc
bcc re attn attention signed signature holder beneficiary employee employer tenant landlord borrower lender
plaintiff defendant witness claimant respondent physician doctor nurse emergency home work office department manager
director engineer president ceo cto cfo vice senior junior chief project product support human resources quality
assurance machine learning artificial intelligence data science front desk united states kingdom america american
british english french german spanish italian japanese chinese korean indian canadian australian european african
asian russian mexican brazilian dutch swedish irish scottish welsh europe africa asia australia canada mexico brazil
japan china india france germany italy spain russia england ireland scotland wales new york los angeles san
francisco chicago boston london paris tokyo osaka kyoto berlin rome madrid delhi mumbai beijing shanghai hong kong
singapore sydney melbourne toronto vancouver seattle washington texas california florida ohio illinois oregon
colorado microsoft word excel google chrome apple amazon web mac windows linux android adobe facebook twitter
instagram youtube netflix python java javascript html css json sql api http https url pdf usb wifi cpu gpu ai ml faq
open save press click choose select file edit view help menu settings privacy security clear insert delete cancel
export import section article chapter page figure table appendix version release part step note warning error
question answer example supreme high general federal state national international world health organization red
cross union nations act mr mrs ms miss dr prof north south east west northern southern eastern western central upper
lower god lord christmas easter internet earth moon mars venus jupiter saturn ship send deliver bill pay ask call
tell him me us them one two three first second last next according estate visa mastercard amex iban ssn aba social
license licence passport bank details routing expires issued failed login blocked connection string token password
username interview minutes parcel deposition lease contract meeting supervisor therapist teacher student professor
also however therefore while because although since before after during until as at by for in of on off over under
with without about into through yesterday's let here there now just only even still again never always often
sometimes maybe perhaps each every some any many most more less few several both either neither such same other
another using given based create write describe explain identify generate find list classify rewrite summarize
compare calculate design construct provide suggest
""")
PARTICLES = word_set("""
van von der den de del della di da do dos das du la le el al bin ibn bint abu ter ten zu af av y e san
""")
PERSON_VERBS = (
    r"said|says|told|asked|asks|called|calls|wrote|writes|explained|reported|visited|chaired|joined|left"
    r"|lives|lived|works|worked|"
    r"resides|claims|claimed|complained|forgot|thinks|thought|wants|wanted|agreed|approved|replied|noted"
    r"|confirmed|promised|and I|who|whose|"
    r"did|whispered|knows|knew|met|bought|sold|thanked|smiled|laughed|nodded|arrived|came|went|stayed"
    r"|graduated|married|moved|sued|testified|stated|"
    r"emailed|texted|phoned|took|gave|sent|answered|insisted|denied|admitted|apologi[sz]ed|recommended"
    r"|suggested|signed|is out|are out|will cover|"
    r"began|shouted|spent|lived|grew|died|played|sang|painted|composed|argued|refused|signed|hired|visits"
    r"|calls|needs to|spoke|speaks|"
    r"points out|had given|was born|is coming|is away|is sick"
)
"""What people do, right after their name."""
