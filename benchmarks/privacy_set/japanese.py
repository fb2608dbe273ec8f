"""Japanese sentences, letters, forms and tables with slots, as clinics, law firms, makers and public offices write
them, and the people in them.

Names were written down by hand: frequent, regional and rare families, old and new
given names; none was taken from a dictionary that the finder uses. OPEN is what the finder may be tuned on, HELD_OUT
is only measured.
"""

OPEN_SURNAMES = """佐藤 鈴木 渡邉 髙橋 薬袋 斎藤 五十嵐 長谷川 服部 小野寺 西園寺 東海林 栁田 𠮷岡 安 林 南 原 大和田 御手洗 一ノ瀬
久保田 阿部 和田 辻󠄀 菅原 谷口 宇佐美 伊集院 比嘉 喜屋武 我那覇 日下部 近衛 百武 勅使河原 月見里 金 森 関 相葉 江崎 福留""".replace(
    "\U000E0100", "").split()
HELD_OUT_SURNAMES = """田中 伊藤 山﨑 齋藤 小鳥遊 渡邊 四月朔日 中村 小林 加藤 吉田 山本 松本 井上 木村 清水 濵田 德永 邊見 八月一日
神宮寺 島袋 新垣 仲宗根 与那嶺 熊谷 堀 東 呉 岸 浜 石 上原 丸山 村上 及川 鬼頭 鮫島 二階堂 不破 桐生 綾小路""".split()
OPEN_GIVEN = """太郎 花子 健一 美咲 陽菜 蓮 翔太 由紀子 裕子 さくら ひかり 大輔 恵 誠 碧 結愛 颯真 心春 一郎 茂 節子 和子 久美子 隆之介 凛
美穂子 千鶴 弥生 修 玲奈 悠人 樹 琴音 光太郎 武 俊彦 早苗 みなみ なつき 湊斗""".split()
HELD_OUT_GIVEN = """次郎 幸子 浩二 葵 大翔 陽翔 紬 真由美 智子 あかり すみれ 拓也 望 学 楓 心愛 蒼空 咲良 三郎 清 キヨ 昭夫 京子 龍之介
澪 沙也加 小百合 皐月 豊 詩織 朝陽 暖 奏音 慎太郎 剛 義弘 千尋 ほのか まこと 律""".split()
OPEN_KANA = [("サトウ", "ハナコ"), ("ミナイ", "ケンイチ"), ("イガラシ", "ミサキ"), ("ワタナベ", "ユキコ"), ("キャン", "ショウタ"),
             ("ウサミ", "レン"), ("テシガワラ", "シゲル"), ("オノデラ", "サナエ"), ("ヤナギダ", "ミホコ"), ("ヒガ", "マコト")]
HELD_OUT_KANA = [("タカナシ", "アオイ"), ("ワタヌキ", "ヒロジ"), ("サイトウ", "ユウダイ"), ("ヤマザキ", "サユリ"), ("シマブクロ", "ゴウ"),
                 ("ホズミ", "チヒロ"), ("キトウ", "サヤカ"), ("ハマダ", "タクヤ"), ("ジングウジ", "カエデ"), ("クマガイ", "トモコ")]
OPEN_ROMAJI = ["Hanako Sato", "SUZUKI Kenichi", "Minai Shota", "Yukiko Watanabe", "IGARASHI Misaki", "Ryunosuke Oda"]
HELD_OUT_ROMAJI = ["Aoi Takanashi", "TANAKA Jiro", "Saito Hiroji", "Mayumi Kumagai", "HAMADA Takuya", "Shinji Onaga"]
OPEN_FOREIGN = ["ジョン・スミス", "マリア・ゴンザレス", "グエン・ヴァン・ナム", "アブドゥル・ラフマン", "オリヴィア・ベネット", "キム・ミンジュン"]
HELD_OUT_FOREIGN = ["マイケル・オコナー", "ファティマ・ハッサン", "チャン・ティ・ホア", "ペドロ・アルメイダ", "イ・ソヨン", "アナスタシア・ペトロワ"]

OPEN = """本日 {time} に {sur} 様（{phone}）からお電話があり、予約を {date} に変更したいとのことでした。
お世話になっております。{org}の{sur}です。先日の見積書（{order}）の件でご連絡いたしました。
患者氏名：{name}（{kana}）\\n生年月日：{birth}\\n保険証記号：{code}\\n電話：{phone}
{sur}さん、体調はいかがですか。明日の診察は{time}からです。
わたくし、{name}と申します。{address}に住んでおります。
〒{postal}\\n{address}\\n{name} 様
担当：{name}\\nTEL {phone}\\nMail {email}
マイナンバーは{my_number}です。通知カードのコピーを同封します。
個人番号 {my_number}（扶養親族 {name}）
支払いは{card}のカードでお願いします。有効期限は 09/27 です。
振込先：みずほ銀行 丸の内支店 普通 {account} 名義 {kana}
口座番号は{account}、名義人は{name}でお間違いないでしょうか。
{name}（{birth}生）は、被告に対し金{price}を支払え。
原告訴訟代理人弁護士　{name}
被告 {org}（法人番号 {corporate}）代表取締役 {name}
インボイスの登録番号は T{corporate} です。
運転免許証番号：{licence}\\n交付：{date}
旅券番号 {passport}、氏名 {romaji}
{name}氏は{city}の出身で、現在は{org}で設計を担当している。
氏名,電話番号,メール,住所\\n{name},{phone},{email},{address}\\n{name2},{phone2},{email2},{address2}
| 氏名 | 生年月日 | 連絡先 |\\n|---|---|---|\\n| {name} | {birth} | {phone} |\\n| {name2} | {birth2} | {phone2} |
{given}ちゃんは熱が三十八度あり、昨夜から咳が出ています。
お客様番号 {code} の {sur}{given} 様より、{org}製品の不具合についてお問い合わせがありました。
サーバーのパスワードは「{password}」です。絶対に他の人に教えないでください。
接続先は {url} で、IP は {ip} です。
API_KEY={apikey} を .env に書いてください。
{foreign}さんは在留カードの更新のため、{date}に窓口へ来庁した。
請求書を {address} 宛てに送ってください。担当は{sur}です。
お届け先は{postal} {address}、受取人は{name}です。
夜間の連絡先: {phone}（{sur}携帯）
佐賀出身の{sur}と、同僚の{sur2}が参加します。
至急、{sur}課長に確認してください。決裁は{sur2}部長です。
申請者　{name}　（{birth}生まれ）は、要介護認定を申請します。
{name}\\n{org} 営業部\\n{address}\\n電話 {phone}　FAX {phone2}\\n{email}
連絡先を教えてください。→ {phone} か {email} です。
面談記録：{date}、母親の{name}、本人の{given}が同席。
診察券番号 {code}。{sur}様、{time}に第三診察室へお入りください。
「{sur}先生、次の患者さんは{name2}さんです」と看護師が告げた。
登記上の所有者は{address}の{name}である。
旧姓は{sur}で、結婚して{sur2}になりました。
本人確認書類として免許証（番号{licence}）を提示した。
誕生日は{birth}なので、今年で還暦です。
{name} {birth} {phone} {address}
ゆうちょ銀行 記号{kigou} 番号{account}
発注者の{sur}より電話。品番{code}を{price}で二十個、納期は{date}。
回答：ご契約者の{name}様のご登録住所は{address}、お電話番号は{phone}でございます。
今朝{sur}から連絡があり、{sur2}と相談して決めることにした。
参加者: {sur}、{sur2}、{name3}（敬称略）
{sur}です。お疲れさまです。{sur2}の件、どうなりましたか。
検査担当 {sur}／承認 {sur2}
{name}、{name2}、{name3}の三名が立ち会った。
当日は{name}がご案内します。
主治医は{sur}先生、担当の看護師は{sur2}さんです。
「{given}、宿題は終わったの？」と母の{given2}が聞いた。
同姓同名の{name}が二人いるため、{birth}生まれの方を選ぶ。
{name}より「{org}の見積もりを確認してほしい」とのこと。
株式会社山田製作所 {sur}様\n先ほどは失礼いたしました。
発行者　{name}　印
{kana}様　ご予約を承りました。当日は{sur2}が伺います。
{name}容疑者（{code}号事件）を{date}に書類送検した。
ご紹介いただいた{name}先生にもよろしくお伝えください。
{sur}さんって{city}出身だよね？{given2}も同じだよ。
うちの{given}がいつもお世話になっております。
作成日 {date}　作成者 {sur}　確認 {sur2}
{sur}は{date}から休職しており、代わりに{sur2}が対応する。
宛先\n{address}\n{org}　{name}様
先生ではなく{sur}さんに電話（{phone}）してください。
{name}は{sur2}の紹介で入社し、{given}という娘がいる。
【{sur}】資料を送りました。【{sur2}】受け取りました。
さっき{sur}ちゃんが{given2}とけんかして泣いていました。
夫（{name}）と妻（{name2}）は{date}に離婚した。""".split("\n")

HELD_OUT = """{sur}様、{date}のご来院ありがとうございました。次回は{time}です。変更は{phone}までお電話ください。
はじめまして、{city}で農業をしている{name}です。相談があります。
依頼者 {name}\\n住所 {address}\\n携帯 {phone}\\n相談内容 {date}付けの解雇予告通知について
相手方は{name}（{birth}生）、勤務先は{org}。
{sur}{given}さんのカルテを出してください。生年月日は{birth}です。
現住所は{address}、郵便番号は{postal}です。
宛名: {name} 殿\\n件名: 納期回答（{order}）\\n弊社担当 {sur2}
ご本人様確認のため、個人番号（{my_number}）を伺いました。
扶養控除等申告書 氏名{name} 個人番号{my_number} 続柄 妻
カード番号が{card}、セキュリティコードは裏面三桁です。
給与の振込口座を三井住友銀行新宿支店（普）{account}に変更してください。{sur}
返金先口座 りそな銀行 梅田支店 当座 {account} {kana}
取引先登録：{org} 法人番号{corporate} 所在地{address}
適格請求書発行事業者 登録番号T{corporate}
免許証の番号は{licence}で、有効期限は{date}までです。
パスポート({passport})を空港で紛失しました。名前は{romaji}です。
{foreign}と申します。ビザの延長について教えてください。電話は{phone}です。
社員番号\\t氏名\\t生年月日\\t内線\\n{code}\\t{name}\\t{birth}\\t2314\\n{code2}\\t{name2}\\t{birth2}\\t2315
名前: {name}\\nふりがな: {hira}\\n住所: {postal} {address}\\nメールアドレス: {email}
昨日{sur}と打ち合わせをした。{sur2}は来週出張とのこと。
{sur}主任、ラインの停止時刻は{time}、ロットは{code}です。
{given}くんの保護者の方へ。給食費{price}のお支払いをお願いします。
故{name}（{birth}生、{date}没）の遺産分割協議書
貴殿は、{address}所在の建物につき、賃料{price}を滞納しております。
ログインできません。IDは{email}、パスワード：{password} です。
アクセスログに {ip} から {time} に不審な接続がありました。
環境変数に {apikey} を設定し、{url} を開く。
{name}と{name2}は、{date}に婚姻届を{city}役所へ提出した。
苦情受付票　受付者：{sur}　申出人：{name}（{phone}）
こちら{sur}の家内ですが、主人の{given}はおりますでしょうか。
折り返しは{phone}、ファクスは{phone2}へ。{org} {sur}
当院の{sur}医師が、{name2}さんの手術を担当します。
契約者様のお名前は{name}様、ご生年月日は{birth}でよろしいですか？
{birth}生まれの男性、主訴は腰痛。紹介状あり（{org}の{sur}医師）。
送付先：{name}\\n{postal}\\n{address}\\n{phone}
{sur}「了解です。{time}に{city}駅で」\\n{sur2}「お願いします」
届出人の氏名 {name}、本籍 {address}。
配送業者から、{name}様宅（{address}）が不在との連絡。
採用面接：{name}（{kana}）、{email}、希望年収{price}
記号{kigou}・番号{account}のゆうちょ口座へ送金願います。
取締役 {name}　監査役 {name2}　資本金 {price}
社内報に載せる写真の確認を{sur}さんと{sur2}さんにお願いした。
母・{name}は{birth}に生まれ、{city}で育った。
{email}にメールしても届かないので、{phone}に電話したところ、{sur}氏が出た。
施工：{org}　現場代理人：{name}　緊急連絡先：{phone}
議事録　出席者：{sur}、{sur2}、{sur3}　欠席：{sur4}""".split("\n")

OPEN_NEGATIVE = """高橋脚の点検は{date}に行い、ひび割れは認められなかった。
注文番号{order}の商品は{date}に発送済み、代金は{price}です。
品番 {code}、JANコード {jan}、数量 120 個。
{org}は{city}に新工場を建設し、{date}に稼働した。
山口県と福島県の降水量を比較した。単位は mm である。
バージョン{version}を{date}に公開しました。
会議は{date}の{time}から、三階の会議室で行います。
寸法は{dim}、重量は 3.5kg、価格は税込{price}。
森の中を歩き、林を抜けると、原っぱが広がっていた。
患者様、お客様、皆様、関係者の方々へお知らせいたします。
本田技研工業と松下電器の決算が発表された。
追跡番号 {tracking} で配送状況を確認できます。
第12回 定例会 議題 1-2-3 を参照。
民法第709条、同法第715条第1項に基づき請求する。
血圧 120/80、脈拍 72、体温 36.5 度、SpO2 98%。
{city}市民会館の開館時間は 9:00-17:00 です。
原因は電源の光ケーブルの断線であり、誠に申し訳ありません。
型番 {code} の後継機は {code2} です。
パスワードを忘れた場合は、再設定の画面を開いてください。
お医者さん、看護師さん、魚屋さんの仕事を調べましょう。
{date}締めの請求書 No.{order} を送付します。
伝票番号 {slip} を控えてください。
人口 1234567 人、面積 405.86 平方キロメートル。""".split("\n")
HELD_OUT_NEGATIVE = """前田建設と大林組が高架橋の工事を受注した。
受付番号 {order} の回答期限は{date}です。
商品コード {jan} は欠品、入荷予定は{date}。
石川県金沢市の気温は 12 度、富山は 10 度でした。
製造番号 {slip}、ロット {code}、出荷日 {date}。
今月の売上は{price}で、前年比 103.4 %。
東の空が明るくなり、清い水が流れていた。
有効期限 {date}、保存温度 2-8 度。
東京大学と京都大学の共同研究である。
電気料金は {price}、使用量は 350kWh でした。
取扱説明書 12-3456 版、{version} 対応。
弁護士さんや税理士さんに相談するとよいでしょう。
刑事訴訟法第248条により、{date}に不起訴となった。
検査値: AST 25、ALT 18、γ-GTP 30、HbA1c 5.6。
部品 {code} を {dim} に加工する。
伊藤忠商事、三井物産、住友商事の株価を比べた。
お荷物伝票 {tracking} を再度お確かめください。
担当者様、保護者様、ご家族様へのご案内です。
口座振替の手続きは、窓口でお受けしています。
運転免許の更新は、誕生日の一か月前から受け付けます。
学校の先生に望むことを三つ挙げてください。
予算は 1,234,567 円、執行率は 89.2% です。
図書 ISBN {isbn} を参照のこと。""".split("\n")
