using Tape.Bench;
using Tape.Cli;

return await CommandProgram.RunAsync("tape-bench", "Measures or harasses a part of tape; each command prints JSON.", BenchList.Create(), args);
