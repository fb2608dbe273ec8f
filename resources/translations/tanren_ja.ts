<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>AboutCard</name>
    <message>
        <source>Choose files…</source>
        <translation>ファイルを選ぶ…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>フォルダーを選ぶ…</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近使ったもの</translation>
    </message>
    <message>
        <source>Use the sample data</source>
        <translation>サンプルデータを使う</translation>
    </message>
    <message>
        <source>Next: training</source>
        <translation>次へ: 学習</translation>
    </message>
    <message>
        <source>Read differently…</source>
        <translation>読み方を変える…</translation>
    </message>
    <message>
        <source>Count tokens with the chosen model</source>
        <translation>選んだモデルでトークンを数える</translation>
    </message>
    <message>
        <source>Drop files here</source>
        <translation>ここにファイルをドロップ</translation>
    </message>
    <message>
        <source>Looking at the files…</source>
        <translation>ファイルを確認しています…</translation>
    </message>
    <message>
        <source>Questions and answers, chats, tables or plain text: JSON, JSONL, CSV, Excel, Parquet, text, Markdown, Word, PDF, a folder or a zip archive of these.</source>
        <translation>質問と回答、チャット、表、文章を読み込めます。JSON、JSONL、CSV、Excel、Parquet、テキスト、Markdown、Word、PDF と、それらのフォルダーや zip に対応しています。</translation>
    </message>
    <message>
        <source>Opening the dataset…</source>
        <translation>データセットを開いています…</translation>
    </message>
    <message>
        <source>Measured on the held-out set beside it: {0}</source>
        <translation>同じ場所にある評価用データで測ります: {0}</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>File</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>ファイル数</translation>
    </message>
    <message>
        <source>{0}, of which {1} can be trained on</source>
        <translation>{0}（うち学習に使えるのは {1}）</translation>
    </message>
    <message>
        <source>Number of rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>Set apart</source>
        <translation>評価用</translation>
    </message>
    <message>
        <source>{0} rows for measuring</source>
        <translation>{0} 行を評価に使います</translation>
    </message>
    <message>
        <source>Made by enlarging</source>
        <translation>増やした行</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>{0} 行</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>half of the rows up to {0}, 95 % up to {1}, longest {2}</source>
        <translation>半数の行が {0} まで、95 % が {1} まで、最長 {2}</translation>
    </message>
    <message>
        <source>Tokens a row</source>
        <translation>1 行のトークン数</translation>
    </message>
    <message>
        <source>Trained tokens</source>
        <translation>学習するトークン</translation>
    </message>
    <message>
        <source>{0} of {1} ({2})</source>
        <translation>{1} のうち {0}（{2}）</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Length of the rows in tokens</source>
        <translation>行の長さ（トークン）</translation>
    </message>
    <message>
        <source>Length of the rows in characters</source>
        <translation>行の長さ（文字数）</translation>
    </message>
    <message>
        <source>cut after {0}</source>
        <translation>{0} で切り落とし</translation>
    </message>
    <message>
        <source>{0}  ·  {1} rows</source>
        <translation>{0}  ·  {1} 行</translation>
    </message>
    <message>
        <source>None is there any more</source>
        <translation>どれも見つかりません</translation>
    </message>
</context>
<context>
    <name>AnswersModel</name>
    <message>
        <source>Question</source>
        <translation>質問</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>正解</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>学習前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>学習後</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ 正解</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ 不正解</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
</context>
<context>
    <name>AnswersView</name>
    <message>
        <source>All rows</source>
        <translation>すべての行</translation>
    </message>
    <message>
        <source>Learned</source>
        <translation>できるようになった行</translation>
    </message>
    <message>
        <source>Forgotten</source>
        <translation>できなくなった行</translation>
    </message>
    <message>
        <source>Still wrong</source>
        <translation>まだ不正解の行</translation>
    </message>
    <message>
        <source>Rows shown</source>
        <translation>表示する行</translation>
    </message>
    <message>
        <source>Answers before and after</source>
        <translation>学習前後の回答</translation>
    </message>
    <message>
        <source>{before} of {total} → {after} of {total} right</source>
        <translation>正解 {before}/{total} 件 → {after}/{total} 件</translation>
    </message>
    <message>
        <source>{right} of {total} right</source>
        <translation>正解 {right}/{total} 件</translation>
    </message>
    <message>
        <source>before</source>
        <translation>学習前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>学習後</translation>
    </message>
    <message>
        <source> (95 % interval {low} to {high})</source>
        <translation>（95 % 区間 {low}〜{high}）</translation>
    </message>
    <message>
        <source>Exact match on the held-out rows: {scores}</source>
        <translation>評価用の行での完全一致: {scores}</translation>
    </message>
</context>
<context>
    <name>CellEditor</name>
    <message>
        <source>Text of the cell</source>
        <translation>セルの文章</translation>
    </message>
</context>
<context>
    <name>ChangedBanner</name>
    <message>
        <source>The file has changed since it was read. What you see is as it was; edits of single rows do not carry over to the new one.</source>
        <translation>読み込んだあとでファイルが変更されています。表示しているのは変更前の内容です。行ごとの手直しは、新しい内容には引き継がれません。</translation>
    </message>
    <message>
        <source>The file has changed since it was read. What you see is as it was.</source>
        <translation>読み込んだあとでファイルが変更されています。表示しているのは変更前の内容です。</translation>
    </message>
    <message>
        <source>Read it again with the same steps</source>
        <translation>同じ手順で読み直す</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>読み直す</translation>
    </message>
    <message>
        <source>Read it again without steps</source>
        <translation>手順なしで読み直す</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Deleted</source>
        <translation>削除しました</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新しいチャット</translation>
    </message>
    <message>
        <source>Delete the chat</source>
        <translation>このチャットを削除</translation>
    </message>
    <message>
        <source>Old chats</source>
        <translation>過去のチャット</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>Chat</source>
        <translation>チャット</translation>
    </message>
    <message>
        <source>Model to talk to</source>
        <translation>会話するモデル</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>GGUF ファイルを開く…</translation>
    </message>
    <message>
        <source>Reply settings</source>
        <translation>返答の設定</translation>
    </message>
    <message>
        <source>No model to talk to yet</source>
        <translation>会話できるモデルがまだありません</translation>
    </message>
    <message>
        <source>Export a trained run as a GGUF file, or open one that you have.</source>
        <translation>学習結果を GGUF ファイルに書き出すか、手元の GGUF ファイルを開いてください。</translation>
    </message>
    <message>
        <source>Export a run</source>
        <translation>学習結果を書き出す</translation>
    </message>
    <message>
        <source>GGUF file</source>
        <translation>GGUF ファイル</translation>
    </message>
    <message>
        <source>GGUF files (*.gguf)</source>
        <translation>GGUF ファイル (*.gguf)</translation>
    </message>
    <message>
        <source>Loads with the first message</source>
        <translation>最初のメッセージで読み込みます</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>読み込み中…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>Replying…</source>
        <translation>回答中…</translation>
    </message>
    <message>
        <source>This chat was held with {file}, and that file is gone. Answers now come from {other}.</source>
        <translation>このチャットの相手だったファイル {file} はもうありません。これからの返答は {other} によるものです。</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>リンク</translation>
    </message>
    <message>
        <source>The reply names this address:</source>
        <translation>回答に次のアドレスが含まれています:</translation>
    </message>
</context>
<context>
    <name>ChatSettings</name>
    <message>
        <source>System prompt</source>
        <translation>システムプロンプト</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Longest reply</source>
        <translation>回答の最大長</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード</translation>
    </message>
    <message>
        <source>Send with</source>
        <translation>送信キー</translation>
    </message>
    <message>
        <source>0 always takes the likeliest word; higher is freer.</source>
        <translation>0 は常に最も確からしい語を選びます。大きいほど自由になります。</translation>
    </message>
    <message>
        <source>Leaves out unlikely words; 1 keeps all.</source>
        <translation>可能性の低い語を除きます。1 ならすべて残します。</translation>
    </message>
    <message>
        <source>The same seed gives the same reply again.</source>
        <translation>同じシードなら同じ回答になります。</translation>
    </message>
    <message>
        <source>Who the model is and how it should answer (optional)</source>
        <translation>モデルの役割と答え方（省略できます）</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> トークン</translation>
    </message>
    <message>
        <source>new each time</source>
        <translation>毎回変える</translation>
    </message>
</context>
<context>
    <name>ChatView</name>
    <message>
        <source>Thinking…</source>
        <translation>考え中…</translation>
    </message>
    <message>
        <source>Write the first message below. The model answers on this computer.</source>
        <translation>下の欄に最初のメッセージを入力してください。モデルはこのコンピューター上で返答します。</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>入力中…</translation>
    </message>
</context>
<context>
    <name>ConfigForm</name>
    <message>
        <source>Show advanced settings</source>
        <translation>詳細設定を表示</translation>
    </message>
    <message>
        <source>Hide advanced settings</source>
        <translation>詳細設定を隠す</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>バッチ</translation>
    </message>
    <message>
        <source>characters</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>行</translation>
    </message>
    <message>
        <source>as the epochs need</source>
        <translation>エポック数に従う</translation>
    </message>
    <message>
        <source>only at the end</source>
        <translation>最後だけ</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>そろえない</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>ラベル</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>One a line</source>
        <translation>1 行に 1 つ</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>ファイルを選ぶ</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Send</source>
        <translation>送信</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>メッセージを入力</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter breaks the line</source>
        <translation>Enter で送信、Shift+Enter で改行</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends</source>
        <translation>Ctrl+Enter で送信</translation>
    </message>
    <message>
        <source>{tokens} tokens · {rate} tokens/s</source>
        <translation>{tokens} トークン · 毎秒 {rate} トークン</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>cut at the longest reply</source>
        <translation>最大の長さで打ち切りました</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>途中で切れました</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong inside Tanren</source>
        <translation>Tanren の内部で問題が起きました</translation>
    </message>
    <message>
        <source>This is a fault of ours. Jobs that run are not touched by it, and what was finished is safe. Go on, or restart Tanren if the window no longer answers. Please pass on the report below: read it first, it stays on this computer until you copy it.</source>
        <translation>Tanren の不具合です。実行中のジョブに影響はなく、完了したものは無事です。そのまま続けるか、画面が反応しなければ Tanren を再起動してください。下の報告を担当者にお渡しください。まず内容をご確認ください。コピーするまで、このコンピューターの外には出ません。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>報告</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>報告をコピー</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Dataset</source>
        <translation>データセット</translation>
    </message>
    <message>
        <source>What the model is to learn: questions with the answers you want, or texts. Your files are only read, never changed.</source>
        <translation>モデルに学ばせる内容です。質問と望む回答の組、または文章を用意します。ファイルは読むだけで、変更しません。</translation>
    </message>
    <message>
        <source>Datasets</source>
        <translation>データセット</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
    <message>
        <source>Choose files</source>
        <translation>ファイルを選ぶ</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>フォルダーを選ぶ</translation>
    </message>
</context>
<context>
    <name>DatasetRows</name>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>質問</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>文字数</translation>
    </message>
    <message>
        <source>Noticed</source>
        <translation>気づいた点</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>ラベル</translation>
    </message>
    <message>
        <source>Used for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>増やし方</translation>
    </message>
</context>
<context>
    <name>DialogueView</name>
    <message>
        <source>Tools that may be called</source>
        <translation>呼び出せるツール</translation>
    </message>
    <message>
        <source>Text · trained</source>
        <translation>文章 · 学習する</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文章</translation>
    </message>
    <message>
        <source>Answer that was not preferred</source>
        <translation>選ばれなかった回答</translation>
    </message>
    <message>
        <source>{0} · trained</source>
        <translation>{0} · 学習する</translation>
    </message>
    <message>
        <source>{0} · trained, the end is cut off</source>
        <translation>{0} · 学習する（末尾は切り捨て）</translation>
    </message>
    <message>
        <source>{0} · beyond the maximum length, not trained</source>
        <translation>{0} · 最大長を超えるため学習しない</translation>
    </message>
    <message>
        <source>{0} · marked as not to be trained</source>
        <translation>{0} · 学習しない印があります</translation>
    </message>
    <message>
        <source>Reasoning: {0}</source>
        <translation>思考: {0}</translation>
    </message>
</context>
<context>
    <name>ErrorPanel</name>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>報告をコピー</translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation>技術的な詳細</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>詳細を表示</translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation>詳細を隠す</translation>
    </message>
</context>
<context>
    <name>ExportPage</name>
    <message>
        <source>Export</source>
        <translation>書き出し</translation>
    </message>
    <message>
        <source>One GGUF file holds the whole trained model: llama.cpp, LM Studio, Ollama and the Chat page read it.</source>
        <translation>1 つの GGUF ファイルに学習済みモデルのすべてが入ります。llama.cpp、LM Studio、Ollama、このアプリのチャットで使えます。</translation>
    </message>
    <message>
        <source>Trained run</source>
        <translation>学習結果</translation>
    </message>
    <message>
        <source>Files of this run</source>
        <translation>この学習結果のファイル</translation>
    </message>
    <message>
        <source>Nothing to export yet</source>
        <translation>書き出せるものがまだありません</translation>
    </message>
    <message>
        <source>Train a model first.</source>
        <translation>先にモデルを学習してください。</translation>
    </message>
    <message>
        <source>Train a model</source>
        <translation>モデルを学習する</translation>
    </message>
    <message>
        <source>A training is running; wait for it or stop it first.</source>
        <translation>学習を実行中です。終わるのを待つか、先に停止してください。</translation>
    </message>
    <message>
        <source>Choose at least one kind of file.</source>
        <translation>ファイルの種類を 1 つ以上選んでください。</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 時間 {1} 分</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>today {0}</source>
        <translation>今日 {0}</translation>
    </message>
</context>
<context>
    <name>FindingLine</name>
    <message>
        <source>Accepted</source>
        <translation>承認済み</translation>
    </message>
    <message>
        <source>1 row</source>
        <translation>1 行</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>{0} 行</translation>
    </message>
    <message>
        <source>Look at the columns…</source>
        <translation>列の割り当てを確認…</translation>
    </message>
    <message>
        <source>Show the rows</source>
        <translation>行を表示</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>取り消す</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>承認する…</translation>
    </message>
</context>
<context>
    <name>FindingsCard</name>
    <message>
        <source>What was noticed</source>
        <translation>気づいた点</translation>
    </message>
    <message>
        <source>Rows were changed by hand. What concerns several rows, such as copies, is looked for again on request.</source>
        <translation>行を手で変更しました。重複など、複数の行にかかわる点は、もう一度検査すると更新されます。</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>もう一度検査する</translation>
    </message>
    <message>
        <source>Nothing: every row can be used.</source>
        <translation>問題はありません。すべての行を使えます。</translation>
    </message>
    <message>
        <source>Train in spite of this?</source>
        <translation>このまま学習に使いますか？</translation>
    </message>
    <message>
        <source>That you accepted it is written down with the dataset and with each run. You can take it back.</source>
        <translation>承認したことは、データセットと実行の記録に残ります。あとで取り消せます。</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>承認する</translation>
    </message>
</context>
<context>
    <name>GgufList</name>
    <message>
        <source>Chat with this file</source>
        <translation>このファイルとチャット</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
    <message>
        <source>! Same prompt and same tokens as the trained model. Its answers were not compared: {size} of free memory would be needed.</source>
        <translation>! プロンプトとトークンは学習したモデルと同じです。回答は比較していません（空きメモリー {size} が必要です）。</translation>
    </message>
    <message>
        <source>! Same prompt and tokens as the trained model, but its answers differ noticeably. A file with more bits stays closer.</source>
        <translation>! プロンプトとトークンは学習したモデルと同じですが、回答がかなり異なります。ビット数の多いファイルほど近くなります。</translation>
    </message>
    <message>
        <source>✓ Same prompt and tokens as the trained model, answers very close to it.</source>
        <translation>✓ プロンプトとトークンは学習したモデルと同じ、回答の差はごくわずかです。</translation>
    </message>
    <message>
        <source>✓ Same prompt and tokens as the trained model, answers close to it.</source>
        <translation>✓ プロンプトとトークンは学習したモデルと同じ、回答の差は小さいです。</translation>
    </message>
    <message>
        <source>(KL {figure} nats per token, measured on one dialogue)</source>
        <translation>（KL {figure} nat／トークン、会話 1 件で測定）</translation>
    </message>
    <message>
        <source>✗ This file does not answer like the trained model.</source>
        <translation>✗ このファイルの回答は学習済みモデルと異なります。</translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message>
        <source>Make a language model your own</source>
        <translation>言語モデルを、あなたのものに</translation>
    </message>
    <message>
        <source>Tanren trains a model on your questions and answers and turns it into one file that you can chat with. Nothing leaves this computer.</source>
        <translation>あなたの質問と回答でモデルを学習し、チャットできる 1 つのファイルに仕上げます。データがこのコンピューターの外に出ることはありません。</translation>
    </message>
    <message>
        <source>From your data to your model</source>
        <translation>データからモデルまで</translation>
    </message>
    <message>
        <source>Recent runs</source>
        <translation>最近の学習</translation>
    </message>
    <message>
        <source>No run yet. Each fine-tuning is kept here with everything that came of it.</source>
        <translation>学習はまだありません。学習するたびに、成果のすべてがここに残ります。</translation>
    </message>
    <message>
        <source>Try it with the starter model and sample data</source>
        <translation>スターターモデルとサンプルデータで試す</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>ベースモデル</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>データセット</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>GGUF file</source>
        <translation>GGUF ファイル</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>チャット</translation>
    </message>
    <message>
        <source>not chosen yet</source>
        <translation>未選択</translation>
    </message>
    <message>
        <source>exported: {0}</source>
        <translation>書き出し済み: {0}</translation>
    </message>
    <message>
        <source>not exported yet</source>
        <translation>まだ書き出していません</translation>
    </message>
    <message>
        <source>you have chatted with it</source>
        <translation>チャットしました</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>まだです</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>step {0}</source>
        <translation>手順 {0}</translation>
    </message>
    <message>
        <source>Choose a base model</source>
        <translation>ベースモデルを選ぶ</translation>
    </message>
    <message>
        <source>Choose a dataset</source>
        <translation>データセットを選ぶ</translation>
    </message>
    <message>
        <source>{0} is being imported</source>
        <translation>{0} を取り込んでいます</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>学習する</translation>
    </message>
    <message>
        <source>Export a GGUF file</source>
        <translation>GGUF ファイルに書き出す</translation>
    </message>
    <message>
        <source>Chat with your model</source>
        <translation>モデルとチャットする</translation>
    </message>
    <message>
        <source>Watch the training</source>
        <translation>学習の様子を見る</translation>
    </message>
    <message>
        <source>Resume the training</source>
        <translation>学習を再開する</translation>
    </message>
    <message>
        <source>not started yet</source>
        <translation>まだ始めていません</translation>
    </message>
</context>
<context>
    <name>JobProgress</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>End now</source>
        <translation>すぐに終了</translation>
    </message>
    <message>
        <source>Ends the worker at once. What was saved before is safe.</source>
        <translation>ワーカーをすぐに終了します。保存済みのものは無事です。</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>進み具合</translation>
    </message>
    <message>
        <source>Memory {size}</source>
        <translation>メモリー {size}</translation>
    </message>
    <message>
        <source> · graphics card {size}</source>
        <translation> · グラフィックカード {size}</translation>
    </message>
    <message>
        <source>Saving before it stops…</source>
        <translation>停止の前に保存しています…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>停止しています…</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>残り約 {time}</translation>
    </message>
    <message>
        <source>Step {done} of {total}</source>
        <translation>ステップ {done}/{total}</translation>
    </message>
    <message>
        <source>Row {done} of {total}</source>
        <translation>行 {done}/{total}</translation>
    </message>
    <message>
        <source>Tensor {done} of {total}</source>
        <translation>テンソル {done}/{total}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done}/{total}</translation>
    </message>
</context>
<context>
    <name>JobStrip</name>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop the running job</source>
        <translation>実行中のジョブを停止</translation>
    </message>
    <message>
        <source>Progress of the running job</source>
        <translation>実行中のジョブの進み具合</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>学習前後の比較</translation>
    </message>
    <message>
        <source>Merging</source>
        <translation>統合</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>書き出し</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>チャット</translation>
    </message>
    <message>
        <source>Looking at the model</source>
        <translation>モデルの確認</translation>
    </message>
    <message>
        <source>Reading the dataset</source>
        <translation>データセットの読み込み</translation>
    </message>
    <message>
        <source>Rendering rows</source>
        <translation>行のトークン化</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>取り込み</translation>
    </message>
    <message>
        <source>Preparing the dataset</source>
        <translation>データセットの準備</translation>
    </message>
    <message>
        <source>Loss of each row</source>
        <translation>行ごとの損失</translation>
    </message>
    <message>
        <source>Finding personal data</source>
        <translation>個人情報を検索</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>待機中</translation>
    </message>
</context>
<context>
    <name>LengthChart</name>
    <message>
        <source>Lengths of the rows in {0}</source>
        <translation>行の長さ（{0}）</translation>
    </message>
    <message>
        <source>Most rows have {0} to {1}, the longest up to {2}.</source>
        <translation>{0}〜{1} の行が最も多く、最長は {2} までです。</translation>
    </message>
    <message>
        <source>{0} to {1} {2}: {3} rows</source>
        <translation>{0}〜{1} {2}: {3} 行</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>Licences</source>
        <translation>ライセンス</translation>
    </message>
</context>
<context>
    <name>LossChart</name>
    <message>
        <source>Training loss (smoothed)</source>
        <translation>学習の損失（平滑化）</translation>
    </message>
    <message>
        <source>each step</source>
        <translation>各ステップ</translation>
    </message>
    <message>
        <source>Held-out loss</source>
        <translation>評価用データの損失</translation>
    </message>
    <message>
        <source>Loss chart</source>
        <translation>損失のグラフ</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Loss (nats per token)</source>
        <translation>損失（nat／トークン）</translation>
    </message>
    <message>
        <source>step {step}: {loss}</source>
        <translation>ステップ {step}: {loss}</translation>
    </message>
    <message>
        <source>, held-out {loss}</source>
        <translation>、評価用 {loss}</translation>
    </message>
</context>
<context>
    <name>LossRows</name>
    <message>
        <source>Nats per trained token: 0 means that the model says exactly this by heart.</source>
        <translation>学習対象のトークンあたりのナット。0 なら、モデルはその回答を完全に覚えています。</translation>
    </message>
    <message>
        <source>Tokens of the row that are trained</source>
        <translation>その行のうち学習対象のトークン数</translation>
    </message>
    <message>
        <source>Loss (nats)</source>
        <translation>損失（nat）</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>Used for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>質問</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>This row is no longer in the dataset.</source>
        <translation>この行はもうデータセットにありません。</translation>
    </message>
    <message>
        <source>The run was trained from a file, which is never changed: import it as a dataset to edit rows.</source>
        <translation>この学習はファイルから直接行われました。元のファイルは変更しません。行を直すには、データセットとして取り込んでください。</translation>
    </message>
    <message>
        <source>Changed since the training</source>
        <translation>学習の後に変更されています</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Home</source>
        <translation>ホーム</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>データ</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>書き出し</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>チャット</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>ページ</translation>
    </message>
    <message>
        <source>Saving before closing…</source>
        <translation>終了の前に保存しています…</translation>
    </message>
    <message>
        <source>The running job is writing what it needs to go on later. The window closes by itself when it is done.</source>
        <translation>実行中のジョブが、後で続けるために必要なものを書き込んでいます。終わると画面は自動で閉じます。</translation>
    </message>
    <message>
        <source>End it at once</source>
        <translation>すぐに終了</translation>
    </message>
    <message>
        <source>From a dataset to your own model</source>
        <translation>データセットから自分のモデルまで</translation>
    </message>
    <message>
        <source>1. Models: choose a base model folder.
2. Data: drop a file with questions and answers.
3. Train: start, watch the loss fall, stop and resume as you like.
4. Results: compare the answers before and after.
5. Export: write one GGUF file.
6. Chat: talk to that very file.

Ctrl+1 … Ctrl+8: pages
Ctrl+O: open a model or a dataset
Ctrl+,: settings
Ctrl+Q: quit
F1: this help</source>
        <translation>1. モデル: ベースモデルのフォルダーを選びます。
2. データ: 質問と回答のファイルをドロップします。
3. 学習: 開始して、損失が下がるのを見守ります。いつでも停止・再開できます。
4. 結果: 学習前後の回答を比べます。
5. 書き出し: 1 つの GGUF ファイルにします。
6. チャット: そのファイルと会話します。

Ctrl+1〜Ctrl+8: ページの切り替え
Ctrl+O: モデルまたはデータセットを開く
Ctrl+,: 設定
Ctrl+Q: 終了
F1: このヘルプ</translation>
    </message>
</context>
<context>
    <name>MessageBubble</name>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>You</source>
        <translation>あなた</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Base model</source>
        <translation>ベースモデル</translation>
    </message>
    <message>
        <source>The model that learns from your data. It is only read, never changed. Drop a model folder anywhere on this window, or choose one here.</source>
        <translation>あなたのデータから学ぶモデルです。読むだけで、変更しません。フォルダーをこの画面にドロップするか、下で選んでください。</translation>
    </message>
    <message>
        <source>Models on this computer</source>
        <translation>このコンピューターにあるモデル</translation>
    </message>
    <message>
        <source>Next: the dataset</source>
        <translation>次へ: データセット</translation>
    </message>
    <message>
        <source>Choose a model folder</source>
        <translation>モデルのフォルダーを選ぶ</translation>
    </message>
    <message>
        <source>No model chosen yet</source>
        <translation>モデルはまだ選ばれていません</translation>
    </message>
    <message>
        <source>Start with the starter model below, or choose the folder of a model that you have: with config.json, the tokenizer and the .safetensors files.</source>
        <translation>まずは下のスターターモデルで始めるか、手元のモデルのフォルダー（config.json、トークナイザー、.safetensors が入ったもの）を選んでください。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>フォルダーを選ぶ…</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>フォルダーを確認しています…</translation>
    </message>
    <message>
        <source>Checked: this model can be used</source>
        <translation>確認済み: このモデルは使えます</translation>
    </message>
    <message>
        <source>Not checked</source>
        <translation>未確認</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>種類</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>パラメーター数</translation>
    </message>
    <message>
        <source>Size on disk</source>
        <translation>ディスク上の大きさ</translation>
    </message>
    <message>
        <source>Longest text</source>
        <translation>最大の長さ</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} トークン</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>チャットテンプレート</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>あり</translation>
    </message>
    <message>
        <source>none: not made for chats</source>
        <translation>なし（チャット用のモデルではありません）</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>ライセンス</translation>
    </message>
    <message>
        <source>not stated in the folder</source>
        <translation>フォルダーに記載がありません</translation>
    </message>
    <message>
        <source>Comes with Tanren. Small, made for trying things out: not an assistant.</source>
        <translation>Tanren に付属します。お試し用の小さなモデルで、実用のアシスタントではありません。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使う</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>{0} を使う</translation>
    </message>
</context>
<context>
    <name>Note</name>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>Offline</name>
    <message>
        <source>Everything that touches your model or your data runs in separate worker processes. Before a worker loads anything, it tells Linux itself (by a seccomp filter) to refuse every network connection of this process and of all its children. The filter cannot be taken off again, not even by a fault in a library or by a malicious model.</source>
        <translation>モデルやデータを扱う処理は、すべて別のプロセス（ワーカー）で動きます。ワーカーは、何かを読み込む前に、自分とその子プロセスのあらゆるネットワーク接続を拒否するよう Linux 自身に指示します（seccomp フィルター）。このフィルターは二度と外せません。ライブラリーの不具合や悪意のあるモデルでも外せません。</translation>
    </message>
    <message>
        <source>Everything that touches your model or your data runs in separate worker processes. In each of them Tanren refuses network connections at the level of Python (by an audit hook). This stops Python libraries; native code could in principle go around it. On Linux the kernel itself enforces the lock.</source>
        <translation>モデルやデータを扱う処理は、すべて別のプロセス（ワーカー）で動きます。その中で Tanren は、Python の段階でネットワーク接続を拒否します（監査フック）。Python のライブラリーは止められますが、ネイティブコードなら原理的には回避できます。Linux では OS のカーネル自身が遮断します。</translation>
    </message>
    <message>
        <source>Everything that touches your model or your data runs in separate worker processes. Each of them locks its own network before it loads anything, and reports here how firmly. No worker has started yet.</source>
        <translation>モデルとデータに触れる処理は、すべて別のワーカープロセスで動きます。各ワーカーは何かを読み込む前に自分の通信を遮断し、その強さをここに報告します。ワーカーはまだ起動していません。</translation>
    </message>
    <message>
        <source>The window itself holds no code that uses the network: no update check, no telemetry, no accounts.</source>
        <translation>この画面自体にも、ネットワークを使うプログラムはありません。更新の確認も、利用状況の送信も、アカウントもありません。</translation>
    </message>
    <message>
        <source>The newest worker reported this level when it started.</source>
        <translation>これは、直近のワーカーが起動時に報告した状態です。</translation>
    </message>
</context>
<context>
    <name>OfflineBadge</name>
    <message>
        <source>OFFLINE · enforced by the kernel</source>
        <translation>オフライン · カーネルが遮断</translation>
    </message>
    <message>
        <source>OFFLINE · guarded by Tanren</source>
        <translation>オフライン · Tanren が遮断</translation>
    </message>
    <message>
        <source>OFFLINE · not yet checked</source>
        <translation>オフライン · 未確認</translation>
    </message>
    <message>
        <source>What does this mean?</source>
        <translation>これは何ですか？</translation>
    </message>
</context>
<context>
    <name>PrepareCard</name>
    <message>
        <source>Prepare the rows</source>
        <translation>行を整える</translation>
    </message>
    <message>
        <source>Your file stays as it is: all of this is done to the imported rows, and can be undone.</source>
        <translation>元のファイルは変わりません。取り込んだ行に対する操作で、すべて元に戻せます。</translation>
    </message>
    <message>
        <source>Clean…</source>
        <translation>整える…</translation>
    </message>
    <message>
        <source>Hide personal data…</source>
        <translation>個人情報を隠す…</translation>
    </message>
    <message>
        <source>Enlarge…</source>
        <translation>増やす…</translation>
    </message>
    <message>
        <source>Set apart rows for measuring…</source>
        <translation>評価用の行を分ける…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>やり直す</translation>
    </message>
    <message>
        <source>Erase what was before…</source>
        <translation>変更前の内容を消去…</translation>
    </message>
    <message>
        <source>Done so far</source>
        <translation>これまでの操作</translation>
    </message>
    <message>
        <source>The key of the pseudonyms stays, and says which name each stands for. Keep it safe, or delete it yourself: {0}</source>
        <translation>仮名の鍵は残り、それぞれがどの名前かを示します。安全に保管するか、ご自身で削除してください: {0}</translation>
    </message>
    <message>
        <source>Erase what the rows were before?</source>
        <translation>変更前の内容を消去しますか？</translation>
    </message>
    <message>
        <source>So that steps can be undone, the dataset keeps what was there before: names and numbers that were hidden, too. Erased, it is gone from this dataset for good, and the steps cannot be undone. Your file stays as it is.</source>
        <translation>操作を元に戻せるように、データセットは変更前の内容を残しています。隠した氏名や番号も含まれます。消去するとこのデータセットから完全になくなり、操作は元に戻せません。元のファイルは変わりません。</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>消去する</translation>
    </message>
    <message>
        <source>{0} (undone)</source>
        <translation>{0}（取り消し済み）</translation>
    </message>
    <message>
        <source>Show the rows</source>
        <translation>行を表示</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>表示を減らす</translation>
    </message>
    <message>
        <source>Show all {0} steps</source>
        <translation>{0} 件すべてを表示</translation>
    </message>
    <message>
        <source>Rows taken out by hand</source>
        <translation>手で行を除いた</translation>
    </message>
    <message>
        <source>Edited by hand</source>
        <translation>手で書き換えた</translation>
    </message>
    <message>
        <source>{0} changed</source>
        <translation>{0} 行を変更</translation>
    </message>
    <message>
        <source>{0} taken out</source>
        <translation>{0} 行を除外</translation>
    </message>
    <message>
        <source>{0} added</source>
        <translation>{0} 行を追加</translation>
    </message>
</context>
<context>
    <name>PrivacyPreview</name>
    <message>
        <source>What would be hidden</source>
        <translation>隠される内容</translation>
    </message>
    <message>
        <source>Looking through the first rows…</source>
        <translation>最初の行を調べています…</translation>
    </message>
    <message>
        <source>In the first {0} rows, {1} have something to hide.</source>
        <translation>最初の {0} 行のうち、{1} 行に隠す内容があります。</translation>
    </message>
    <message>
        <source>Row {0} · {1}: {2}</source>
        <translation>{0} 行目 · {1}: {2}</translation>
    </message>
</context>
<context>
    <name>ReadingDialog</name>
    <message>
        <source>Read differently</source>
        <translation>読み方を変える</translation>
    </message>
    <message>
        <source>The first lines in this encoding</source>
        <translation>この文字コードで読んだ最初の数行</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>文字コード</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>シート</translation>
    </message>
    <message>
        <source>Length of a piece</source>
        <translation>1 区切りの長さ</translation>
    </message>
    <message>
        <source> characters</source>
        <translation> 文字</translation>
    </message>
    <message>
        <source>Which column is what</source>
        <translation>列の割り当て</translation>
    </message>
    <message>
        <source>Choose a column, or write a text with columns in braces, such as {title}: {body}. ↵ breaks the line.</source>
        <translation>列を選ぶか、{title}: {body} のように列名を波かっこで囲んだ文を書きます。↵ で改行します。</translation>
    </message>
    <message>
        <source>Read it this way</source>
        <translation>この読み方で取り込む</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Reading the first rows…</source>
        <translation>最初の行を読み込んでいます…</translation>
    </message>
    <message>
        <source>{0} rows, of which {1} can be trained on</source>
        <translation>{0} 行（うち学習に使えるのは {1} 行）</translation>
    </message>
    <message>
        <source>Find out</source>
        <translation>自動で判定</translation>
    </message>
    <message>
        <source>The first rows as they would be read</source>
        <translation>この読み方での最初の行</translation>
    </message>
</context>
<context>
    <name>ResultsPage</name>
    <message>
        <source>Results</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Did it become better? Measured on rows that were never trained on.</source>
        <translation>良くなったでしょうか。学習に使っていない行で測ります。</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>学習はまだありません</translation>
    </message>
    <message>
        <source>Every training appears here with its figures.</source>
        <translation>学習するたびに、その数値がここに並びます。</translation>
    </message>
    <message>
        <source>Train a model</source>
        <translation>モデルを学習する</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>学習の一覧</translation>
    </message>
    <message>
        <source>Before and after</source>
        <translation>学習前後の比較</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>The rows one by one</source>
        <translation>1 行ずつ見る</translation>
    </message>
    <message>
        <source>Resume…</source>
        <translation>再開…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>書き出し…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>The base model and the trained model answer every held-out row; the answers are compared word for word.</source>
        <translation>ベースモデルと学習済みモデルが評価用の各行に答え、その回答を一語一句比べます。</translation>
    </message>
    <message>
        <source>“{name}” was deleted.</source>
        <translation>「{name}」を削除しました。</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>もう一度比べる</translation>
    </message>
    <message>
        <source>Compare before and after</source>
        <translation>学習前後を比べる</translation>
    </message>
    <message>
        <source>This run has no checkpoint yet.</source>
        <translation>この学習にはまだチェックポイントがありません。</translation>
    </message>
</context>
<context>
    <name>RowFilters</name>
    <message>
        <source>Find text</source>
        <translation>文字を検索</translation>
    </message>
    <message>
        <source>Find text in the rows</source>
        <translation>行の文字を検索</translation>
    </message>
    <message>
        <source>Which rows are shown</source>
        <translation>表示する行</translation>
    </message>
    <message>
        <source>What was noticed about the shown rows</source>
        <translation>表示する行の気づいた点</translation>
    </message>
    <message>
        <source>Show all rows</source>
        <translation>すべての行を表示</translation>
    </message>
    <message>
        <source>All rows</source>
        <translation>すべての行</translation>
    </message>
    <message>
        <source>Noticed: anything</source>
        <translation>気づいた点: 指定なし</translation>
    </message>
    <message>
        <source>Can be trained on</source>
        <translation>学習に使える行</translation>
    </message>
    <message>
        <source>Left out of training</source>
        <translation>学習に使わない行</translation>
    </message>
    <message>
        <source>For training</source>
        <translation>学習用</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>評価用</translation>
    </message>
    <message>
        <source>Made by enlarging</source>
        <translation>増やした行</translation>
    </message>
    <message>
        <source>Label {0} ({1})</source>
        <translation>ラベル {0}（{1}）</translation>
    </message>
</context>
<context>
    <name>RowLossesView</name>
    <message>
        <source>How well does the trained model know each answer? The rows with the highest loss are those that it still gets wrong: often it is the row that is wrong.</source>
        <translation>学習後のモデルは、それぞれの回答をどれだけ覚えているでしょうか。損失が大きい行ほど、まだ正しく答えられません。行のほうが間違っていることもよくあります。</translation>
    </message>
    <message>
        <source>Rows shown</source>
        <translation>表示する行</translation>
    </message>
    <message>
        <source>Rows with their losses</source>
        <translation>行とその損失</translation>
    </message>
    <message>
        <source>✎ The model was trained with the old text; train again for it to learn the new one.</source>
        <translation>✎ モデルは変更前の文で学習しています。新しい文を覚えさせるには、もう一度学習してください。</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>測り直す</translation>
    </message>
    <message>
        <source>Measure the loss of each row</source>
        <translation>行ごとの損失を測る</translation>
    </message>
    <message>
        <source>This run has no checkpoint yet.</source>
        <translation>この学習にはまだチェックポイントがありません。</translation>
    </message>
    <message>
        <source>All rows</source>
        <translation>すべての行</translation>
    </message>
    <message>
        <source>Used for {0}</source>
        <translation>{0}用</translation>
    </message>
    <message>
        <source>Mean loss: {0}</source>
        <translation>平均損失: {0}</translation>
    </message>
    <message>
        <source>Double-click a question or an answer to correct it. A click on a heading sorts.</source>
        <translation>質問や回答をダブルクリックすると直せます。見出しのクリックで並べ替えます。</translation>
    </message>
    <message>
        <source>These rows come from a file, which is never changed: import it as a dataset to edit rows. A click on a heading sorts.</source>
        <translation>これらの行は元のファイルのもので、変更しません。直すには、データセットとして取り込んでください。見出しのクリックで並べ替えます。</translation>
    </message>
    <message>
        <source>Row {0}</source>
        <translation>{0} 行目</translation>
    </message>
    <message>
        <source>loss {0} over {1} tokens</source>
        <translation>損失 {0}（{1} トークン）</translation>
    </message>
    <message>
        <source>piece {0}</source>
        <translation>{0} 番目の区切り</translation>
    </message>
    <message>
        <source>changed since the training</source>
        <translation>学習の後に変更</translation>
    </message>
    <message>
        <source>Row {0} was changed in the dataset.</source>
        <translation>データセットの {0} 行目を変更しました。</translation>
    </message>
</context>
<context>
    <name>RowView</name>
    <message>
        <source>As a chat</source>
        <translation>チャットとして</translation>
    </message>
    <message>
        <source>As the model sees it</source>
        <translation>モデルから見た姿</translation>
    </message>
    <message>
        <source>The chosen row</source>
        <translation>選んだ行</translation>
    </message>
    <message>
        <source>Row {0}</source>
        <translation>{0} 行目</translation>
    </message>
    <message>
        <source>label: {0}</source>
        <translation>ラベル: {0}</translation>
    </message>
    <message>
        <source>made by enlarging: {0}</source>
        <translation>増やした行: {0}</translation>
    </message>
    <message>
        <source>{0} tokens; the loss is measured on {1} of them. Nothing is learned from this row.</source>
        <translation>{0} トークン。うち {1} トークンで損失を測ります。この行からは学習しません。</translation>
    </message>
    <message>
        <source>{0} tokens, {1} of them trained: the model learns to say only these.</source>
        <translation>{0} トークンのうち {1} トークンを学習します。モデルはこの部分だけを話せるように学びます。</translation>
    </message>
    <message>
        <source>The base model of this run is no longer there, so the tokens cannot be shown.</source>
        <translation>この学習のベースモデルが見つからないため、トークンを表示できません。</translation>
    </message>
    <message>
        <source>Training cuts this row after {0} tokens, the maximum length.</source>
        <translation>学習では、この行は最大長の {0} トークンで切られます。</translation>
    </message>
    <message>
        <source>Choose a base model to see this row as its tokens.</source>
        <translation>ベースモデルを選ぶと、この行がトークンで表示されます。</translation>
    </message>
    <message>
        <source>The model&apos;s tokenizer is reading the rows…</source>
        <translation>モデルのトークナイザーが行を読んでいます…</translation>
    </message>
</context>
<context>
    <name>RowsCard</name>
    <message>
        <source>Rows of the dataset</source>
        <translation>データセットの行</translation>
    </message>
    <message>
        <source>Double-click a question or an answer to change it, Delete takes rows out. A click on a heading sorts.</source>
        <translation>質問や回答はダブルクリックで書き換え、Delete キーで行を除けます。見出しをクリックすると並べ替えます。</translation>
    </message>
    <message>
        <source>No row matches.</source>
        <translation>当てはまる行がありません。</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>{0} 行</translation>
    </message>
    <message>
        <source>{0} of {1} rows</source>
        <translation>{1} 行のうち {0} 行</translation>
    </message>
    <message>
        <source>Row {0} was taken out.</source>
        <translation>{0} 行目を除きました。</translation>
    </message>
    <message>
        <source>{0} rows were taken out.</source>
        <translation>{0} 行を除きました。</translation>
    </message>
</context>
<context>
    <name>RunMonitor</name>
    <message>
        <source>Loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Compare before and after</source>
        <translation>学習前後を比べる</translation>
    </message>
    <message>
        <source>Set up another run</source>
        <translation>別の学習を準備する</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>記録</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>学習の損失</translation>
    </message>
    <message>
        <source>Held-out loss</source>
        <translation>評価用データの損失</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Nothing had been trained yet.</source>
        <translation>まだ何も学習していません。</translation>
    </message>
    <message>
        <source>{rate} tokens/s</source>
        <translation>毎秒 {rate} トークン</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>保存しました: {path}</translation>
    </message>
    <message>
        <source>Step {step}: held-out loss {loss}</source>
        <translation>ステップ {step}: 評価用データの損失 {loss}</translation>
    </message>
    <message>
        <source>… and {count} more in the log</source>
        <translation>… ほか {count} 件は記録にあります</translation>
    </message>
    <message>
        <source>Train anyway</source>
        <translation>このまま学習する</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>記録を表示</translation>
    </message>
    <message>
        <source>Hide the log</source>
        <translation>記録を隠す</translation>
    </message>
    <message>
        <source>Training is finished</source>
        <translation>学習が終わりました</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>停止しました</translation>
    </message>
    <message>
        <source>Training failed</source>
        <translation>学習に失敗しました</translation>
    </message>
    <message>
        <source>Training was interrupted</source>
        <translation>学習が中断されました</translation>
    </message>
    <message>
        <source>Another window or terminal is working on this run</source>
        <translation>別の画面または端末がこの学習を実行中です</translation>
    </message>
    <message>
        <source>See on the held-out rows what the model learned.</source>
        <translation>評価用の行で、モデルが何を学んだか確かめましょう。</translation>
    </message>
    <message>
        <source>Saved at step {step}. Resume goes on exactly from there.</source>
        <translation>ステップ {step} で保存しました。再開すると、ちょうどそこから続きます。</translation>
    </message>
    <message>
        <source>What was saved before is safe.</source>
        <translation>保存済みのものは無事です。</translation>
    </message>
    <message>
        <source>The worker was ended from outside. What was saved before is safe.</source>
        <translation>ワーカーが外から終了されました。保存済みのものは無事です。</translation>
    </message>
    <message>
        <source>No checkpoint had been saved yet. Resume starts again from the first step.</source>
        <translation>まだチェックポイントが保存されていません。再開すると最初のステップから学習します。</translation>
    </message>
</context>
<context>
    <name>RunSetup</name>
    <message>
        <source>Base model</source>
        <translation>ベースモデル</translation>
    </message>
    <message>
        <source>Dataset</source>
        <translation>データセット</translation>
    </message>
    <message>
        <source>Measured with</source>
        <translation>評価用データ</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>設定の目安</translation>
    </message>
    <message>
        <source>Little data (up to 1,000 rows)</source>
        <translation>少ないデータ（1,000 行まで）</translation>
    </message>
    <message>
        <source>Some data (up to 10,000 rows)</source>
        <translation>中くらいのデータ（10,000 行まで）</translation>
    </message>
    <message>
        <source>Much data (over 10,000 rows)</source>
        <translation>多いデータ（10,000 行超）</translation>
    </message>
    <message>
        <source>Quick try (20 steps)</source>
        <translation>お試し（20 ステップ）</translation>
    </message>
    <message>
        <source>Own settings</source>
        <translation>自分で設定</translation>
    </message>
    <message>
        <source>Starter model (a few minutes)</source>
        <translation>スターターモデル（数分）</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>学習を開始</translation>
    </message>
    <message>
        <source>Go to the Data page</source>
        <translation>データのページへ</translation>
    </message>
    <message>
        <source>None chosen yet</source>
        <translation>未選択</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>変更…</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選ぶ…</translation>
    </message>
    <message>
        <source>The dataset is being imported.</source>
        <translation>データセットを取り込んでいます。</translation>
    </message>
    <message>
        <source>The import failed: see the Data page.</source>
        <translation>取り込めませんでした。データのページを確認してください。</translation>
    </message>
    <message>
        <source>The dataset is being opened.</source>
        <translation>データセットを開いています。</translation>
    </message>
    <message>
        <source>The dataset is being changed.</source>
        <translation>データセットを変更しています。</translation>
    </message>
    <message>
        <source>Decide on the Data page first: {0}</source>
        <translation>先にデータのページで判断してください: {0}</translation>
    </message>
    <message>
        <source>No row can be trained on with this model: see the Data page.</source>
        <translation>このモデルで学習できる行がありません。データのページを確認してください。</translation>
    </message>
    <message>
        <source>{0} (being imported)</source>
        <translation>{0}（取り込み中）</translation>
    </message>
    <message>
        <source>{0} rows that are set apart in the dataset</source>
        <translation>データセットで分けた {0} 行</translation>
    </message>
    <message>
        <source>rows set apart from the dataset</source>
        <translation>データセットから取り分けた行</translation>
    </message>
    <message>
        <source>Set rows apart instead</source>
        <translation>代わりに行を取り分ける</translation>
    </message>
    <message>
        <source>Own file…</source>
        <translation>別のファイル…</translation>
    </message>
    <message>
        <source>Choose a base model first.</source>
        <translation>先にベースモデルを選んでください。</translation>
    </message>
    <message>
        <source>Choose a dataset first.</source>
        <translation>先にデータセットを選んでください。</translation>
    </message>
    <message>
        <source>A training is running; wait for it or stop it first.</source>
        <translation>学習を実行中です。終わるのを待つか、先に停止してください。</translation>
    </message>
    <message>
        <source>Held-out rows</source>
        <translation>評価用の行</translation>
    </message>
</context>
<context>
    <name>Runs</name>
    <message>
        <source>Tanren starter model</source>
        <translation>Tanren スターターモデル</translation>
    </message>
</context>
<context>
    <name>RunsModel</name>
    <message>
        <source>measuring</source>
        <translation>評価中</translation>
    </message>
    <message>
        <source>exporting</source>
        <translation>書き出し中</translation>
    </message>
    <message>
        <source>merging</source>
        <translation>統合中</translation>
    </message>
    <message>
        <source>in a chat</source>
        <translation>チャット中</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>損失</translation>
    </message>
    <message>
        <source>Held-out loss</source>
        <translation>評価用データの損失</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>作成</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>テーマ</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字の大きさ</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>ライト</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>ダーク</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>オフライン</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>このコンピューター</translation>
    </message>
    <message>
        <source>What Tanren can use here: processor, memory, graphics card, disk, tools.</source>
        <translation>Tanren がここで使えるもの: プロセッサー、メモリー、GPU、ディスク、ツール。</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>ファイル</translation>
    </message>
    <message>
        <source>Everything that Tanren writes lies in one folder: runs, models, chats, settings.</source>
        <translation>Tanren が書き込むものは、学習、モデル、チャット、設定まで、すべて 1 つのフォルダーにあります。</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>フォルダーを開く</translation>
    </message>
    <message>
        <source>Open the logs</source>
        <translation>記録を開く</translation>
    </message>
    <message>
        <source>About Tanren</source>
        <translation>Tanren について</translation>
    </message>
    <message>
        <source>Typeface</source>
        <translation>書体</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>ライセンス</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>確認しています…</translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation>このコンピューターを確認</translation>
    </message>
    <message>
        <source>Ready to fine-tune.</source>
        <translation>学習の準備ができています。</translation>
    </message>
    <message>
        <source>Not everything is there: see the lines with ✗.</source>
        <translation>不足があります。✗ の行を確認してください。</translation>
    </message>
</context>
<context>
    <name>StepDialog</name>
    <message>
        <source>Do it</source>
        <translation>実行する</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Clean the rows</source>
        <translation>行を整える</translation>
    </message>
    <message>
        <source>Hide personal data</source>
        <translation>個人情報を隠す</translation>
    </message>
    <message>
        <source>Enlarge the dataset</source>
        <translation>データを増やす</translation>
    </message>
    <message>
        <source>Set rows apart for measuring</source>
        <translation>評価用の行を分ける</translation>
    </message>
    <message>
        <source>This finds most personal data, not all of it. Look at the rows yourself before you give the dataset or the model to others.</source>
        <translation>個人情報の多くを見つけますが、すべてではありません。データやモデルを人に渡す前に、自分の目でも行を確認してください。</translation>
    </message>
    <message>
        <source>Rows that are made here are marked, and never used for measuring.</source>
        <translation>ここで作る行には印が付き、評価には使いません。</translation>
    </message>
    <message>
        <source>Every step can be undone. Your file stays as it is.</source>
        <translation>どの操作も元に戻せます。元のファイルは変わりません。</translation>
    </message>
</context>
<context>
    <name>TokenLegend</name>
    <message>
        <source>trained</source>
        <translation>学習する</translation>
    </message>
    <message>
        <source>only read</source>
        <translation>読むだけ</translation>
    </message>
    <message>
        <source>special</source>
        <translation>特殊</translation>
    </message>
    <message>
        <source>{0} rest of the character before</source>
        <translation>{0} 直前の文字の続き</translation>
    </message>
    <message>
        <source>Legend: trained tokens are coloured and underlined, special tokens are boxed</source>
        <translation>凡例: 学習するトークンは色と下線、特殊トークンは枠で示します</translation>
    </message>
</context>
<context>
    <name>TokenView</name>
    <message>
        <source>{0} tokens, {1} of them trained</source>
        <translation>{0} トークン、うち {1} トークンを学習</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>学習する</translation>
    </message>
    <message>
        <source>only read</source>
        <translation>読むだけ</translation>
    </message>
</context>
<context>
    <name>TrainPage</name>
    <message>
        <source>Train</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>The base model learns from your dataset, on this computer.</source>
        <translation>このコンピューターの中で、ベースモデルがあなたのデータセットから学びます。</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>“{name}” is not finished: it can go on from step {step}.</source>
        <translation>「{name}」は途中です。ステップ {step} から続けられます。</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>not started</source>
        <translation>未開始</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>起動中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>停止中</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>学習済み</translation>
    </message>
    <message>
        <source>stopped, can be resumed</source>
        <translation>停止（再開できます）</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>interrupted, can be resumed</source>
        <translation>中断（再開できます）</translation>
    </message>
    <message>
        <source>Must be corrected</source>
        <translation>要修正</translation>
    </message>
    <message>
        <source>Worth a look</source>
        <translation>要確認</translation>
    </message>
    <message>
        <source>For your information</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>instruction and output (alpaca)</source>
        <translation>指示と出力（alpaca）</translation>
    </message>
    <message>
        <source>conversations (sharegpt)</source>
        <translation>会話（sharegpt）</translation>
    </message>
    <message>
        <source>chat messages</source>
        <translation>チャット形式（messages）</translation>
    </message>
    <message>
        <source>prompt and completion</source>
        <translation>プロンプトと応答</translation>
    </message>
    <message>
        <source>preferences (chosen and rejected)</source>
        <translation>好みの比較（chosen と rejected）</translation>
    </message>
    <message>
        <source>answers with thumbs up or down</source>
        <translation>良い・悪いの付いた回答</translation>
    </message>
    <message>
        <source>plain text</source>
        <translation>プレーンテキスト</translation>
    </message>
    <message>
        <source>table with question and answer</source>
        <translation>質問と回答の表</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>システムプロンプト</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>質問</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Answer that was not preferred</source>
        <translation>選ばれなかった回答</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>ラベル</translation>
    </message>
    <message>
        <source>Text for continued training</source>
        <translation>継続学習用の文章</translation>
    </message>
    <message>
        <source>Excel workbook</source>
        <translation>Excel ブック</translation>
    </message>
    <message>
        <source>text file</source>
        <translation>テキストファイル</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word 文書</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>ツール</translation>
    </message>
    <message>
        <source>training</source>
        <translation>学習</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>評価</translation>
    </message>
    <message>
        <source>Made from step {old}; the run is now at step {new}.</source>
        <translation>ステップ {old} から作成。学習は現在ステップ {new} です。</translation>
    </message>
</context>
</TS>
