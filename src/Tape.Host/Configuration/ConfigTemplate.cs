namespace Tape.Host.Configuration;

/// <summary>The commented file that <c>tape init</c> writes. Every setting stands in it with its default.</summary>
public static class ConfigTemplate
{
    public static string Write(string vault, IEnumerable<string> symbols, string? endpoint) => $$"""
        # What tape records, and where. Change what you need; every setting shows its default.
        # Check it and start with:  tape collect --config tape.yaml

        # The folder of the data. A relative path starts at this file.
        vault: {{Quote(vault)}}

        venues:
          # Binance USD-M futures (USDT- and USDC-margined).
          binance:
            # Symbols as Binance writes them; or patterns over its list of traded perpetuals, in quotes:
            # all, "*USDT", "BTC*", and "!*USDC" for exceptions.
            symbols: [{{string.Join(", ", symbols.Select(Quote))}}]
            # aggTrade: trades. bookTicker: best bid and offer. markPrice: mark, index, funding.
            # forceOrder: liquidations. depth: book changes every 100 ms.
            # Not on by default: trade (single fills, beside or instead of aggTrade: both become rows of the
            # table trades), kline_1m (the venue's own candles), ticker and miniTicker (24 h statistics); the last three
            # stay on the tape and make no rows yet.
            channels: [aggTrade, bookTicker, markPrice, forceOrder, depth]
            # WebSocket base address: the venue's own, a mirror of it, a test network (wss://fstream.binancefuture.com),
            # or what 'tape sim binance' and 'tape replay' print.
            {{(endpoint is null ? "# endpoint: wss://fstream.binance.com" : $"endpoint: {endpoint}")}}
            # REST base address, asked for the list of instruments and the time. With an endpoint of this machine: the same host.
            # rest_endpoint: https://fapi.binance.com

          # Bybit linear perpetuals (USDT- and USDC-margined). Take the marks away to record them as well.
          # bybit:
          #   symbols: [BTCUSDT, ETHUSDT]
          #   # publicTrade: trades. orderbook.1: best bid and offer. tickers: mark, index, funding, open interest.
          #   # allLiquidation: liquidations. orderbook.50: book changes every 20 ms.
          #   # Not on by default: orderbook.200, orderbook.1000, kline.1.
          #   channels: [publicTrade, orderbook.1, tickers, allLiquidation, orderbook.50]
          #   # endpoint: wss://stream.bybit.com
          #   # rest_endpoint: https://api.bybit.com

          # OKX swaps. Quantities are contracts; the views <table>_base have them in base units.
          # okx:
          #   symbols: [BTC-USDT-SWAP, ETH-USDT-SWAP]
          #   # trades, bbo-tbt: best bid and offer, mark-price, index-tickers, funding-rate, open-interest,
          #   # liquidation-orders: of all swaps in one stream. books: book changes every 100 ms.
          #   # Not on by default: books5, tickers, trades-all (single fills), candle1m.
          #   channels: [trades, bbo-tbt, mark-price, index-tickers, funding-rate, open-interest, liquidation-orders, books]
          #   # endpoint: wss://ws.okx.com:8443
          #   # rest_endpoint: https://www.okx.com

        # Whether the server says which order books can be trusted after a reconnect or a gap. For that it asks the venue's REST side
        # for the number of the book's last change, where the WebSocket brings no snapshot. What is recorded does not depend on it.
        align_books: true

        # How the world is reached. Proxies in environment variables are not looked at.
        network:
          # proxy: http://proxy.example:3128
          # Also socks5://host:port, and http://name:password@host:port.

        tape:
          # How long a received frame may wait in memory before it is made durable. 0ms: at once.
          commit_interval: 10ms
          # A segment file of the tape is closed at this size.
          segment_size: 256MiB
          # The oldest part of the tape is deleted at this age or beyond this size, whatever comes first, and only after it was sealed,
          # derived again and found the same. The tables that came from it stay. Without keep_size: 20 % of the disk.
          keep: 7d
          # keep_size: 100GiB

        queue:
          # Frames waiting for the disk. When full, frames are dropped, counted and noted on the tape.
          size: 64MiB

        seal:
          # The tape is turned into Parquet files when one of these is reached.
          interval: 60s
          rows: 1000000
          tape_size: 256MiB

        candles:
          # Day files below data/ are written again at most so often; with more than 50 symbols changed, five times as seldom.
          flush: 60s
          # Where a candle over REST differs from the live one, it is the one in the files once it is 2 minutes old; the other one is
          # in quality/candles.
          prefer_rest: true

        gap_detection:
          # Whether the venues are asked for minutes that are missing in day files, so far back and so often. 'tape backfill' asks once.
          enabled: false
          lookback_days: 3
          repair: 5m

        aggregation:
          # Whether candles of 5m, 15m, 1h, 4h and 1d are made, and of what.
          enabled: true
          base_timeframe: 1m

        log:
          # Time between two heartbeat lines.
          heartbeat: 30s

        # The server of 'tape serve' and 'tape up'. It answers on 127.0.0.1 only; the token is in api/token of the vault.
        api:
          port: 8640
          # Names of this machine by which a proxy in front of it asks, and web pages that may ask.
          # hosts: [vault.example]
          # origins: ["http://localhost:5173"]
          # Questions at a time, and what one of them may use.
          queries: 2
          query_timeout: 60s
          # A query that takes this long gets a line in logs/slow-queries.jsonl.
          query_slow: 1s
          query_memory: 1GiB
          query_rows: 1000000

        # Where alerts go when the state changes, beside the log. Try it with:  tape alert test
        alerts:
          # States whose beginning is worth an alert.
          on: [READY, DEGRADED, OFFLINE, ERROR]
          # At most one alert in this time, unless the state gets worse; changes in between come as one alert.
          every: 1m
          # A state worse than READY that lasts is alerted again after this time; 0s for never.
          remind: 1h
          # How long one attempt may take.
          timeout: 10s
          # Gets a POST with JSON.
          # webhook: https://hooks.example/tapevault
          # webhook_headers: { X-Team: desk }
          # The environment variable with its secret (whsec_...), which signs each request as Standard Webhooks has it.
          webhook_secret_env: TAPE_WEBHOOK_SECRET
          # A program that finds the alert in TAPE_STATE, TAPE_TEXT, TAPE_WHY and others, and as JSON on its input.
          # command: [notify-send, Tapevault]

        """;

    /// <summary>A text as YAML takes it unchanged: in single quotes, which know no escapes, unless it is plain beyond doubt.</summary>
    private static string Quote(string text) => IsPlain(text) ? text : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static bool IsPlain(string text) =>
        text.Length > 0 && text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '/' or '.' or '_' or '-')
            && (char.IsAsciiLetter(text[0]) || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith('/'))
            && text is not ("null" or "true" or "false");
}
