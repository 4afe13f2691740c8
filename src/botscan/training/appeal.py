"""What the model card says to a person whose account was marked, in English and Indonesian."""

from __future__ import annotations

from typing import Final

APPEAL_EN: Final = """\
## If your account was marked

Somebody who holds a list of followers ran this tool over it, and your account came out high.

- **What the score is.** A sum of points for a few public fields of a profile. On Twitter: how many accounts it
  follows and is followed by, how much it has posted, how many lists it is on, how old it is, whether it shows a
  picture and a place, which marks (a link, a hashtag) stand in its bio. On Instagram and TikTok the digits of the
  handle and the length of the bio count too. It says how much these look like followers that were bought. Nothing
  else was looked at: not what your posts say, not who you are, nothing private.
- **What it is not.** No verdict, no proof, and nothing about your character. Real people reach the line, most of all
  people with few followers and few posts: the tables above say how many. Nobody should be blocked, reported or named
  because of a score alone. Nor does it say anything about the owner of the list: anybody can buy followers for
  somebody else.
- **Which fields decided.** Ask whoever holds the list for the reasons. `botscan explain LIST ACCOUNT` prints every
  point for and against an account, and the points add up to the score. The table "What a score is made of" above
  shows how much each field can weigh.
- **How you are taken off.** Ask the holder of the list to look at the account with their own eyes and to put its id
  on an allow list: a file of ids that they keep and whose accounts they take out of every table of scores before
  anybody sees it. They can also answer "no" for the account in a label sheet, and the estimated share of real
  followers then counts it as a person. You need not change your profile, and you need not prove who you are.
- **Where your data is.** The tool sends it nowhere: it has no network code, and works on the machine where it is run.
  Where else the list is kept, the tool cannot know. The model holds points and counts, and no account, name, id or
  text. Who made the list, where and why they hold it, whom they gave it to and when they will delete it, you may ask
  them.
"""

APPEAL_ID: Final = """\
## Jika akun Anda ditandai

Seseorang yang memegang sebuah daftar pengikut memeriksanya dengan alat ini, dan akun Anda mendapat skor tinggi.

- **Apa arti skor itu.** Jumlah poin dari beberapa data profil yang terbuka. Di Twitter: berapa akun yang diikuti dan
  mengikuti, berapa banyak kiriman, berapa daftar yang memuatnya, umur akun, ada tidaknya foto profil dan tempat, serta
  tanda (tautan, tagar) di dalam bio. Di Instagram dan TikTok, angka dalam nama pengguna dan panjang bio juga dihitung.
  Skor hanya menyatakan seberapa mirip semua itu dengan pengikut yang pernah dibeli. Isi kiriman Anda, jati diri Anda,
  dan hal-hal pribadi sama sekali tidak dilihat.
- **Apa yang bukan arti skor itu.** Bukan vonis, bukan bukti, dan tidak berkata apa pun tentang diri Anda. Orang
  sungguhan pun bisa mencapai garis batas, terutama yang pengikut dan kirimannya sedikit: tabel di atas menyebut
  berapa. Tidak seorang pun boleh diblokir, dilaporkan, atau disebut namanya hanya karena skor. Skor juga tidak berkata
  apa-apa tentang pemilik daftar: siapa saja dapat membelikan pengikut untuk orang lain.
- **Data mana yang menentukan.** Mintalah alasannya kepada pemegang daftar. Perintah `botscan explain DAFTAR AKUN`
  menampilkan setiap poin yang memberatkan dan yang meringankan, dan jumlahnya sama dengan skor.
- **Cara dikeluarkan dari tanda itu.** Mintalah pemegang daftar melihat akun Anda dengan mata sendiri, lalu
  mencantumkan id akun Anda dalam daftar pengecualian: berkas id yang mereka simpan sendiri, yang akun-akunnya
  dikeluarkan dari setiap tabel skor sebelum dilihat siapa pun. Mereka juga dapat menjawab "tidak" untuk akun itu di
  lembar label, sehingga akun itu dihitung sebagai pengikut asli. Anda tidak perlu mengubah profil dan tidak perlu
  membuktikan siapa diri Anda.
- **Di mana data Anda.** Alat ini tidak mengirimnya ke mana pun: ia tidak memakai jaringan dan bekerja di komputer
  tempat ia dijalankan. Di mana lagi daftar itu disimpan, alat ini tidak dapat mengetahuinya. Model hanya berisi poin
  dan hitungan, tanpa akun, nama, id, atau tulisan. Anda boleh bertanya kepada pemegang daftar siapa yang membuat
  daftar itu, di mana dan untuk apa disimpan, kepada siapa diberikan, dan kapan dihapus.
"""
