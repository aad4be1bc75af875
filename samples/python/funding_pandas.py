"""Funding rates and mark prices, the last of each symbol and hour: python funding_pandas.py VAULT [DAY]"""

import glob
import sys

import pandas

TABLE = "funding"
COLUMNS = ["ts_event", "symbol", "funding_rate", "next_funding_time"]
MARK_TABLE = "mark_price"
MARK_COLUMNS = ["ts_event", "symbol", "mark_price"]

vault = sys.argv[1]
day = sys.argv[2] if len(sys.argv) > 2 else "*"


def read(table, columns):
    files = sorted(glob.glob(f"{vault}/raw/v1/{table}/venue=binance/date={day}/part-*.parquet"))
    return pandas.concat([pandas.read_parquet(file, columns=columns, partitioning=None) for file in files])


def last_of_each_hour(rows):
    rows = rows.assign(hour=rows["ts_event"].dt.floor("h")).sort_values("ts_event")
    return rows.groupby(["symbol", "hour"]).last().drop(columns="ts_event")


print(last_of_each_hour(read(TABLE, COLUMNS)).join(last_of_each_hour(read(MARK_TABLE, MARK_COLUMNS))))
