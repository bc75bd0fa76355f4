Console.WriteLine("Ticketing.Benchmarks");
