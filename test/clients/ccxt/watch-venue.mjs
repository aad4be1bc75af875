// Watches trades, tickers and order books of the given symbols with ccxt as it comes from its makers; only the addresses are ours.
// Prints one JSON object a line and ends once each kind has come often enough for each symbol, or with status 1 after a while.
//   node watch-venue.mjs bybit|okx ws://host:port http://host:port COUNT SYMBOL...
import ccxt from 'ccxt';

const [venue, ws, rest, count, ...symbols] = process.argv.slice(2);
const wanted = Number(count);
const exchange = new ccxt.pro[venue]({ newUpdates: true });
if (venue === 'bybit') {
  exchange.options.fetchMarkets = { types: ['linear'] };
  exchange.urls.api.public = rest;
  exchange.urls.api.ws.public.linear = `${ws}/v5/public/linear`;
} else {
  exchange.options.fetchMarkets = { types: ['swap'] };
  exchange.urls.api.rest = rest;
  exchange.urls.api.ws = `${ws}/ws/v5`;
}
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
  while (!enough('ticker', symbol, 5)) {
    const { timestamp, last, bid, ask } = await exchange.watchTicker(symbol);
    tell('ticker', symbol, { timestamp, last, bid, ask });
  }
}

async function book(symbol) {
  while (!enough('book', symbol, wanted)) {
    const { timestamp, bids, asks } = await exchange.watchOrderBook(symbol);
    tell('book', symbol, { timestamp, bids: bids.slice(0, 10).map(([price, size]) => [price, size]), asks: asks.slice(0, 10).map(([price, size]) => [price, size]) });
  }
}

setTimeout(() => { console.error(`not enough in time: ${JSON.stringify(seen)}`); process.exit(1); }, 150_000).unref();
const markets = await exchange.loadMarkets();
tell('markets', '', { symbols: Object.keys(markets) });
await Promise.all(symbols.flatMap((symbol) => [trades(symbol), ticker(symbol), book(symbol)]));
await exchange.close();
process.exit(0);
