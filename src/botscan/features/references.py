"""Where features were published, each cited once."""

CRESCI_2015 = "Cresci, Di Pietro, Petrocchi, Spognardi, Tesconi 2015, 10.1016/j.dss.2015.09.003"
KAGGLE_2019 = "Kaggle data set instagram-fake-spammer-genuine-accounts, 2019"
LEE_2011 = "Lee, Eoff, Caverlee 2011, Seven Months with the Devils, ICWSM"
SHANNON_1951 = "Shannon 1951, Prediction and Entropy of Printed English, 10.1002/j.1538-7305.1951.tb01366.x"
YANG_2020 = "Yang, Varol, Hui, Menczer 2020, arXiv 1911.09179"
