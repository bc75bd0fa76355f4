using Ticketing.Benchmarks;

return await Commands.RunAsync(args);
