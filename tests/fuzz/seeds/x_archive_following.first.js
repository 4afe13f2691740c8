window.YTD.following.part0 = [
  {"following" : {"accountId" : "904171003","userLink" : "https://twitter.com/intent/user?user_id=904171003"}}
]
