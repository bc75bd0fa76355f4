namespace Ticketing.Demo;

/// <summary>An event to be listed.</summary>
internal sealed record Listing(string Title, decimal Price, int Quantity, string Venue, DateTimeOffset StartsAt, string Description);

/// <summary>What is on: invented, but such as one sees on a poster. The same number gives the same event every time.</summary>
internal static class Programme
{
    private static readonly Kind[] Kinds =
    [
        new("concert", 18, 140, ["The Paper Lanterns", "Mara Quill", "Nightjar Radio", "Copper Coast", "Ida Holm Quartet", "Velvet Tramway", "Low Tide Choir", "Juno & the Ferrymen", "Glass Orchard", "Ostrava Brass"],
            ["", "", "", " – second night", " – farewell tour", " – with guests", " (standing)"], ["Harbour Hall", "The Old Tram Depot", "Northfield Arena", "Cellar 17", "St. Anne's Church"]),
        new("opera", 25, 220, ["La Traviata", "The Magic Flute", "Tosca", "Carmen", "Eugene Onegin"], ["", "", " (balcony)", " – première", " – matinee"], ["Opera House", "Harbour Hall"]),
        new("play", 14, 75, ["The Cherry Orchard", "Twelfth Night", "An Enemy of the People", "Waiting Room", "The Lighthouse Keeper's Wife"], ["", "", " – matinee", " (balcony)", " – last night"], ["Kings Theatre", "The Glasshouse"]),
        new("comedy night", 12, 45, ["Lena Brock: Nearly Sorry", "Open Mic Marathon", "Two Brothers, One Van", "Tom Askew: Small Print"], ["", "", " – late show"], ["Cellar 17", "The Old Tram Depot"]),
        new("day of sport", 15, 90, ["Harbour City v. Northfield", "Eastbridge Rowing Regatta", "City Cup Semi-final", "Lakeside Half-marathon"], ["", " (family stand)"], ["City Stadium", "Riverside Park"]),
        new("festival", 39, 180, ["Riverside Weekender", "Lantern Light Festival", "Harvest Folk Days", "Electric Meadow"], ["", " – Saturday", " – Sunday", " – both days"], ["Riverside Park", "Botanical Garden"]),
        new("evening", 9, 28, ["Night at the Museum", "Light Rooms", "A Century of Posters", "Machines that Dream"], ["", "", " – with a guide"], ["Museum of Industry", "The Glasshouse", "Botanical Garden"]),
    ];

    /// <param name="number">Which one, from 0.</param>
    /// <param name="now">The events are in the year after it.</param>
    public static Listing Event(int number, DateTimeOffset now)
    {
        var dice = new Random(number);
        var kind = OneOf(Kinds);
        var venue = OneOf(kind.Venues);
        var name = OneOf(kind.Names) + OneOf(kind.Additions);
        var price = Math.Round(kind.From + ((kind.To - kind.From) * (decimal)dice.NextDouble()), 0) - (dice.Next(2) == 0 ? 0.01m : 0m);
        var quantity = dice.Next(10) == 0 ? dice.Next(1, 6) : dice.Next(20, 400);
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(dice.Next(3, 330)).AddHours(dice.Next(14, 21)).AddMinutes(dice.Next(2) * 30);
        return new(
            name, price, quantity, venue, day,
            $"{(kind.Name[0] is 'o' or 'e' ? "An" : "A")} {kind.Name} at {venue}. Doors open an hour before. Part of the demonstration: nothing of it will take place.");

        T OneOf<T>(T[] choices) => choices[dice.Next(choices.Length)];
    }

    private sealed record Kind(string Name, decimal From, decimal To, string[] Names, string[] Additions, string[] Venues);
}
