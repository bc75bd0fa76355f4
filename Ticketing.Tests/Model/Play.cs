using System.Collections.Immutable;

namespace Ticketing.Tests.Model;

/// <summary>Plays a sequence on the model and on the real shop, and compares the two after every step.</summary>
internal static class Play
{
    /// <summary>Where they differ first, in words; null when they do not.</summary>
    public static async Task<string?> DifferenceAsync(RealShop shop, ImmutableList<Operation> operations)
    {
        var world = new RealWorld(shop);
        var state = new State();
        foreach (var (step, operation) in operations.Index())
        {
            if (await StepAsync(world, state, operation) is { } difference)
                return $"after step {step + 1}, {operation}: {difference}";
            state = Rules.Apply(state, operation).State;
        }

        // In the end everything arrives, and then both services must agree.
        while (!state.UnderWay.IsEmpty)
        {
            var delivery = new Deliver(0, Again: false);
            if (await StepAsync(world, state, delivery) is { } difference)
                return $"in the end, when {Rules.MessageOf(state, delivery)} arrives: {difference}";
            state = Rules.Apply(state, delivery).State;
        }
        return Rules.Unsettled(state) is { } unsettled ? $"in the end: {unsettled}" : null;
    }

    private static async Task<string?> StepAsync(RealWorld world, State before, Operation operation)
    {
        var expected = Rules.Apply(before, operation);
        if (Rules.Broken(expected.State) is { } broken)
            return $"the model itself is broken, {broken}";
        int? answer;
        try
        {
            answer = await world.ActAsync(before, operation);
        }
        catch (Exception thrown)
        {
            return $"it failed with {thrown.Message}";
        }

        return Compare([$"answer: {expected.Answer}"], [$"answer: {answer}"])
            ?? Compare((expected.Told ?? []).Select(told => $"told: {told}"), (await world.ToldAsync()).Select(told => $"told: {told}"))
            ?? Compare(expected.State.Lines(), (await world.ReadAsync()).Lines());
    }

    private static string? Compare(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (missing, surplus) = (expected.ToList(), new List<string>());
        foreach (var line in actual)
        {
            if (!missing.Remove(line))
                surplus.Add(line);
        }
        return missing.Count + surplus.Count == 0
            ? null
            : $"\n  expected: {string.Join("\n            ", missing)}\n  but was:  {string.Join("\n            ", surplus)}";
    }
}
