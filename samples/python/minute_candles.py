"""Candles of one minute out of trades: python minute_candles.py VAULT SYMBOL [DAY]"""

import sys

import duckdb

TABLE = "trades"
COLUMNS = ["ts_event", "symbol", "price", "qty", "flags", "tape_seq", "idx"]

vault, symbol = sys.argv[1], sys.argv[2]
day = sys.argv[3] if len(sys.argv) > 3 else "*"
files = f"{vault}/raw/v1/{TABLE}/venue=binance/date={day}/part-*.parquet"

candles = duckdb.execute(
    f"""
    WITH rows AS (SELECT {", ".join(COLUMNS)} FROM read_parquet(?, hive_partitioning = false) WHERE symbol = ?
                  AND (flags IS NULL OR lower(flags) NOT IN ('insurance_fund', 'adl', 'snapshot')))
    SELECT date_trunc('minute', ts_event) AS open_time,
           first(price ORDER BY ts_event, tape_seq, idx) AS open, max(price) AS high, min(price) AS low,
           last(price ORDER BY ts_event, tape_seq, idx) AS close, sum(qty) AS volume, count(*) AS trades
    FROM rows GROUP BY 1 ORDER BY 1
    """,
    [files, symbol],
)
print(*[column[0] for column in candles.description], sep="\t")
for row in candles.fetchall():
    print(*row, sep="\t")
