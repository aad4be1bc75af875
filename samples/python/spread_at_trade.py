"""What takers paid beyond the middle of best bid and offer: python spread_at_trade.py VAULT SYMBOL [DAY]"""

import sys

import duckdb

TABLE = "trades"
COLUMNS = ["ts_recv", "symbol", "side", "price", "qty", "flags"]
QUOTE_TABLE = "bbo"
QUOTE_COLUMNS = ["ts_recv", "symbol", "bid_price", "ask_price"]

vault, symbol = sys.argv[1], sys.argv[2]
day = sys.argv[3] if len(sys.argv) > 3 else "*"
trades = f"{vault}/raw/v1/{TABLE}/venue=binance/date={day}/part-*.parquet"
quotes = f"{vault}/raw/v1/{QUOTE_TABLE}/venue=binance/date={day}/part-*.parquet"

answer = duckdb.execute(
    f"""
    WITH t AS (SELECT {", ".join(COLUMNS)} FROM read_parquet($trades, hive_partitioning = false) WHERE symbol = $symbol
                AND (flags IS NULL OR lower(flags) NOT IN ('insurance_fund', 'adl', 'snapshot'))),
         q AS (SELECT {", ".join(QUOTE_COLUMNS)} FROM read_parquet($quotes, hive_partitioning = false) WHERE symbol = $symbol),
         joined AS (
           SELECT t.side, t.qty, t.price, (q.bid_price + q.ask_price) / 2 AS middle, q.ask_price - q.bid_price AS spread
           FROM t ASOF JOIN q ON t.ts_recv >= q.ts_recv)
    SELECT side, count(*) AS trades, avg(spread) AS spread,
           avg(CASE side WHEN 'buy' THEN price - middle ELSE middle - price END / middle) * 10000 AS paid_basis_points
    FROM joined GROUP BY 1 ORDER BY 1
    """,
    {"trades": trades, "quotes": quotes, "symbol": symbol},
)
print(*[column[0] for column in answer.description], sep="\t")
for row in answer.fetchall():
    print(*row, sep="\t")
