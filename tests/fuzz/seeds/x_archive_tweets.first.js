window.YTD.tweets.part0 = [
  {"tweet" : {"id_str" : "1489904170000001001","full_text" : "zqtulisan &amp; RT","created_at" : "Thu Mar 04 10:20:30 +0000 2021","favorite_count" : "3","retweet_count" : "0","lang" : "in","source" : "<a href=\"x\">Zqapp</a>","in_reply_to_status_id_str":"5"}},
  {"tweet" : {"id_str" : "1489904170000001002","full_text" : "RT @zq_x: zqtulisan","created_at" : "Fri Mar 05 10:20:30 +0000 2021","favorite_count" : "0","retweet_count" : "0"}}
]
