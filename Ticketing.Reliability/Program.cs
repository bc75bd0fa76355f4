using Ticketing.Reliability;

// dotnet run --project Ticketing.Reliability -- COMMAND [--option value]
return await Commands.RunAsync(args);
