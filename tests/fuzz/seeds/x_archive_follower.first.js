window.YTD.follower.part0 = [
  {"follower" : {"accountId" : "904171001","userLink" : "https://twitter.com/intent/user?user_id=904171001"}},
  {"follower" : {"userLink" : "https://twitter.com/intent/user?user_id=904171002"}}
]
