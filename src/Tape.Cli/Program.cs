using Tape.Cli;

return await CommandProgram.RunAsync("tape", "Records what exchanges say, proves what is missing, answers queries over it.", CommandList.Create(), args);
