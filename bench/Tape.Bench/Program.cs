using Tape.Bench;
using Tape.Cli;

return await CommandProgram.RunAsync("tape-bench", "Measures a part of tape, or breaks things on purpose; each command prints JSON.", BenchList.Create(), args);
