"""The kinds of personal information that can be found, and what people read about them."""

from typing import NamedTuple

from backend.protocol.languages import Text


class Kind(NamedTuple):
    """`marker`: the word in a placeholder, "[NAME-1a2b3c4d]" or 〔氏名-1a2b3c4d〕, by the language of the text."""

    title: Text
    what: Text
    marker: Text


KINDS: dict[str, Kind] = {
    "person_name": Kind(
        Text("Names of people", "人名"),
        Text(
            "Japanese names in kanji, kana and Latin letters; names with titles, in greetings and "
            "signatures, and those of known lists.",
            "漢字、かな、ローマ字の日本人名、敬称つきの名前、挨拶や署名の名前、よく知られた外国人名。",
        ),
        Text("NAME", "氏名"),
    ),
    "phone": Kind(
        Text("Phone and fax numbers", "電話番号、FAX 番号"),
        Text(
            "Japanese and international numbers, with or without hyphens.",
            "国内と海外の番号。ハイフンの有無を問いません。",
        ),
        Text("PHONE", "電話"),
    ),
    "email": Kind(
        Text("E-mail addresses", "メールアドレス"),
        Text("Also in full width.", "全角で書かれたものも含みます。"),
        Text("EMAIL", "メール"),
    ),
    "address": Kind(
        Text("Addresses", "住所"),
        Text(
            "Japanese addresses down to the lot, with building and room; streets with a number.",
            "番地までの住所（建物、部屋番号を含む）と、番号つきの通りの名。",
        ),
        Text("ADDRESS", "住所"),
    ),
    "postal_code": Kind(
        Text("Postal codes", "郵便番号"),
        Text(
            "Japanese codes; ZIP and British and Canadian codes.",
            "日本の郵便番号、ZIP コード、英国とカナダの郵便番号。",
        ),
        Text("POSTCODE", "郵便番号"),
    ),
    "my_number": Kind(
        Text("My Number, social security numbers", "マイナンバー、社会保障番号"),
        Text(
            "Twelve digits with a correct check digit, or named as such; numbers of the United States and Britain.",
            "検査数字の正しい 12 桁、またはマイナンバーと書かれた番号。米国と英国の番号も含みます。",
        ),
        Text("IDNUMBER", "個人番号"),
    ),
    "corporate_number": Kind(
        Text("Corporate numbers", "法人番号"),
        Text(
            "Thirteen digits with a correct check digit, also as invoice registration numbers (T…).",
            "検査数字の正しい 13 桁。適格請求書の登録番号（T…）も含みます。",
        ),
        Text("CORPNUMBER", "法人番号"),
    ),
    "card": Kind(
        Text("Card numbers", "カード番号"),
        Text("Numbers of the known issuers with a correct check digit.", "発行会社の番号で、検査数字の正しいもの。"),
        Text("CARD", "カード"),
    ),
    "bank_account": Kind(
        Text("Bank accounts", "銀行口座"),
        Text(
            "Account, branch-code and routing numbers named as such; IBAN.",
            "口座番号、記号番号など、そう書かれた番号と IBAN。",
        ),
        Text("ACCOUNT", "口座"),
    ),
    "birth_date": Kind(
        Text("Dates of birth", "生年月日"),
        Text(
            "Dates that are said to be a birth, western or by era; other dates stay.",
            "生まれた日と分かる日付（西暦、和暦）。ほかの日付は残します。",
        ),
        Text("BIRTHDATE", "生年月日"),
    ),
    "secret": Kind(
        Text("Passwords, keys and tokens", "パスワード、鍵、トークン"),
        Text(
            "Keys of well-known services, private keys, and what is named a password or secret.",
            "よく使われるサービスのキー、秘密鍵、パスワードと書かれた値。",
        ),
        Text("SECRET", "秘密"),
    ),
    "ip_address": Kind(
        Text("IP addresses", "IP アドレス"),
        Text("Versions 4 and 6, without the loopback addresses.", "IPv4 と IPv6。ループバックは除きます。"),
        Text("IP", "IP"),
    ),
    "url_with_credentials": Kind(
        Text("Links with a password or token", "認証情報を含む URL"),
        Text("The whole link.", "URL の全体を対象にします。"),
        Text("LINK", "リンク"),
    ),
    "passport": Kind(
        Text("Passport and residence card numbers", "旅券番号、在留カード番号"),
        Text("Numbers named as such.", "旅券番号や在留カード番号と書かれた番号。"),
        Text("PASSPORT", "旅券"),
    ),
    "driver_licence": Kind(
        Text("Driving licence numbers", "運転免許証番号"),
        Text("Numbers named as such.", "免許証の番号と書かれた番号。"),
        Text("LICENCE", "免許証"),
    ),
    "user_list": Kind(
        Text("Words of your own list", "自分で指定した語"),
        Text(
            "Names of customers, projects, products … exactly as you list them.",
            "顧客名、案件名、製品名など、指定した語のとおり。",
        ),
        Text("WORD", "指定語"),
    ),
}
ALL_KINDS = frozenset(KINDS)
NOT_ALL = Text(
    "This finds most personal information, not all of it. Look through the preview, and list names of your "
    "own that it misses.",
    "個人情報の大部分を見つけますが、すべてではありません。プレビューで確かめ、漏れた名前は一覧に加えてください。",
)
