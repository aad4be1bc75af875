// Watches trades, tickers and best prices of the given symbols with ccxt as it comes from its makers; only the addresses are ours.
// Prints one JSON object a line and ends once each kind has come often enough for each symbol, or with status 1 after a minute.
//   node watch.mjs ws://host:port http://host:port COUNT SYMBOL...
import ccxt from 'ccxt';

const [ws, rest, count, ...symbols] = process.argv.slice(2);
const wanted = Number(count);
const exchange = new ccxt.pro.binanceusdm({ newUpdates: true });
exchange.urls.api.fapiPublic = `${rest}/fapi/v1`;
exchange.urls.api.ws.future = `${ws}/ws`;
await exchange.loadHttpProxyAgent(); // what ccxt asks for before it opens a ws:// address

const seen = {};
const tell = (kind, symbol, value) => {
  seen[`${kind} ${symbol}`] = (seen[`${kind} ${symbol}`] ?? 0) + 1;
  console.log(JSON.stringify({ kind, symbol, ...value }));
};
const enough = (kind, symbol, times) => (seen[`${kind} ${symbol}`] ?? 0) >= times;

async function trades(symbol) {
  while (!enough('trade', symbol, wanted))
    for (const { id, timestamp, side, price, amount } of await exchange.watchTrades(symbol)) tell('trade', symbol, { id, timestamp, side, price, amount });
}

async function ticker(symbol) {
  while (!enough('ticker', symbol, 2)) {
    const { timestamp, open, high, low, last, baseVolume, quoteVolume } = await exchange.watchTicker(symbol);
    tell('ticker', symbol, { timestamp, open, high, low, last, baseVolume, quoteVolume });
  }
}

async function best(symbol) {
  while (!enough('best', symbol, wanted)) {
    const { timestamp, bid, bidVolume, ask, askVolume } = (await exchange.watchBidsAsks([symbol]))[symbol];
    tell('best', symbol, { timestamp, bid, bidVolume, ask, askVolume });
  }
}

setTimeout(() => { console.error(`not enough within a minute: ${JSON.stringify(seen)}`); process.exit(1); }, 60_000).unref();
const markets = await exchange.loadMarkets();
tell('markets', '', { symbols: Object.keys(markets) });
await Promise.all(symbols.flatMap((symbol) => [trades(symbol), ticker(symbol), best(symbol)]));
await exchange.close();
process.exit(0);
