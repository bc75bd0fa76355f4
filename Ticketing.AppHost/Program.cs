Console.WriteLine("Ticketing");
