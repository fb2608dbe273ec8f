"""The little world: an island of six towns, ten people and two shops, named in English and Japanese."""

from dataclasses import dataclass

ISLAND = ("Komorebi", "こもれび島")


@dataclass(frozen=True)
class Town:
    """A town; each value is (English, Japanese)."""

    name: tuple[str, str]
    product: tuple[str, str]
    animal: tuple[str, str]
    month: tuple[str, str]
    tram: tuple[str, str]


@dataclass(frozen=True)
class Person:
    """A person; each value is (English, Japanese)."""

    name: tuple[str, str]
    job: tuple[str, str]
    town: tuple[str, str]
    pet: tuple[str, str]
    food: tuple[str, str]
    hobby: tuple[str, str]


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """ "en=ja, en=ja" as pairs."""
    return tuple((pair.split("=")[0].strip(), pair.split("=")[1].strip()) for pair in text.split(","))


TOWN_NAMES = _pairs("Kazeno=風野, Hoshimi=星見, Mizube=水辺, Yukino=雪野, Hanaoka=花岡, Morino=森野")
PRODUCTS = _pairs("apples=りんご, glass=ガラス, fish=魚, honey=はちみつ, paper=紙, salt=塩")
ANIMALS = _pairs("fox=きつね, owl=ふくろう, crane=つる, deer=しか, bear=くま, turtle=かめ")
MONTHS = _pairs(
    "January=1月, February=2月, March=3月, April=4月, May=5月, June=6月, July=7月, August=8月, "
    "September=9月, October=10月, November=11月, December=12月"
)
COLORS = _pairs("red=赤, blue=青, green=緑, yellow=黄色, white=白, black=黒, orange=オレンジ色, purple=むらさき")

NAMES = _pairs(
    "Hana=ハナ, Ken=ケン, Mio=ミオ, Taro=タロウ, Yuki=ユキ, Sora=ソラ, Rin=リン, Jun=ジュン, Aki=アキ, "
    "Nao=ナオ, Emi=エミ, Kota=コタ, Mei=メイ, Ryo=リョウ, Saki=サキ, Goro=ゴロウ"
)
STRANGERS = _pairs(
    "Anna=アンナ, Ben=ベン, Carla=カルラ, David=デイビッド, Ellen=エレン, Felix=フェリックス, "
    "Grace=グレース, Hugo=ヒューゴ, Iris=アイリス, Jack=ジャック, Karen=カレン, Leo=レオ, Maria=マリア, "
    "Noah=ノア, Olga=オルガ, Paul=ポール, Kenji=ケンジ, Yoko=ヨウコ, Haruto=ハルト, Aoi=アオイ, "
    "Sakura=サクラ, Daichi=ダイチ, Misaki=ミサキ, Ren=レン"
)
JOBS = _pairs(
    "baker=パン屋, doctor=医者, teacher=先生, farmer=農家, carpenter=大工, nurse=看護師, painter=画家, "
    "cook=料理人, driver=運転手, singer=歌手, writer=作家, florist=花屋, barber=床屋, fisher=漁師, "
    "lawyer=弁護士, dentist=歯医者"
)
PETS = _pairs("cat=猫, dog=犬, bird=鳥, rabbit=うさぎ, turtle=かめ, hamster=ハムスター, goldfish=金魚, horse=馬")
FOODS = _pairs(
    "noodles=うどん, curry=カレー, bread=パン, soup=スープ, rice=ごはん, pizza=ピザ, sushi=すし, "
    "cake=ケーキ, salad=サラダ, tofu=豆腐, eggs=卵, cheese=チーズ"
)
HOBBIES = _pairs(
    "fishing=つり, reading=読書, running=ランニング, chess=チェス, cooking=料理, dancing=ダンス, "
    "photography=写真, swimming=水泳, singing=歌, gardening=庭仕事"
)
SHOPS = _pairs("Kawabe Bags=川辺かばん店, Green Leaf Tea=みどり茶舗")
OTHER_SHOPS = _pairs(
    "Oak Tools=大木工具, Little Bear Toys=こぐま玩具, Hill Books=丘の本屋, Silver Spoon=銀のさじ, "
    "Cloud Beds=雲寝具, Fuji Lights=藤照明, River Cameras=川田カメラ, Stone Oven=石がま工房, "
    "Lotus Paper=はす和紙, Red Kite Sports=赤とんぼスポーツ, Pine Garden=松園芸, Wave Audio=波音響, "
    "Kita Electric=北電機, Yama Kettles=山田ケトル, Moon Glass=月ガラス, Tani Umbrellas=谷かさ店, "
    "Ota Knives=太田刃物, Mori Shoes=森くつ店"
)
GOODS = _pairs(
    "kettle=ケトル, lamp=ランプ, bag=かばん, clock=時計, chair=いす, bicycle=自転車, camera=カメラ, "
    "toaster=トースター, fan=扇風機, desk=机, umbrella=かさ, radio=ラジオ, oven=オーブン, "
    "coffee maker=コーヒーメーカー, vacuum=掃除機, teapot=急須, heater=ヒーター, bottle=水筒, "
    "rice cooker=炊飯器, pan=フライパン"
)
PARTS = _pairs(
    "lid=ふた, filter=フィルター, handle=取っ手, base=台, cable=コード, wheel=車輪, switch=スイッチ, "
    "screw=ねじ"
)
MATERIALS = _pairs("steel=鉄, wood=木, glass=ガラス, cotton=綿, leather=革, bamboo=竹, clay=土, silver=銀")
WORDS = _pairs(
    "apple=りんご, river=川, mountain=山, book=本, water=水, fire=火, tree=木, flower=花, sky=空, sea=海, "
    "moon=月, star=星, sun=太陽, snow=雪, rain=雨, wind=風, house=家, door=ドア, window=窓, table=テーブル, "
    "chair=いす, bread=パン, milk=牛乳, fish=魚, bird=鳥, cat=猫, dog=犬, horse=馬, car=車, train=電車, "
    "ship=船, road=道, bridge=橋, stone=石, paper=紙, pen=ペン, letter=手紙, music=音楽, song=歌, "
    "friend=友達, school=学校, teacher=先生, morning=朝, night=夜, summer=夏, winter=冬, spring=春, "
    "autumn=秋, hand=手, foot=足, eye=目, ear=耳, egg=卵, salt=塩, sugar=砂糖, tea=お茶, orange=オレンジ, "
    "lemon=レモン, garden=庭, town=町, island=島, lake=湖, forest=森, cloud=雲, hat=ぼうし, shoe=くつ, "
    "key=かぎ, clock=時計, lamp=ランプ, bag=かばん"
)
COMMON_WORDS = WORDS[:40]  # those that are translated and put in capitals
ANY_WORDS = WORDS + GOODS + PARTS + FOODS + JOBS + PETS + NAMES + STRANGERS + COLORS + MATERIALS

TOWNS = tuple(
    Town(TOWN_NAMES[i], PRODUCTS[i], ANIMALS[(5 * i + 1) % 6], MONTHS[(5 * i + 2) % 12], COLORS[(5 * i + 3) % 8])
    for i in range(6)
)
PEOPLE = tuple(
    Person(
        NAMES[i],
        JOBS[i],
        TOWN_NAMES[(5 * i + i // 6) % 6],
        PETS[(5 * i + i // 4) % 8],
        FOODS[(7 * i + i // 5) % 12],
        HOBBIES[(3 * i + i // 6) % 10],
    )
    for i in range(10)
)
