using Shouldly;

namespace Ticketing.Tests.Model;

/// <summary>Plays a sequence on the model and on the real shop, and compares the two after every step.</summary>
internal static class Play
{
    /// <exception cref="ShouldAssertException">They differ.</exception>
    public static async Task OnBothAsync(RealShop shop, IEnumerable<Operation> operations)
    {
        var world = new RealWorld(shop);
        var state = new State();
        foreach (var operation in operations)
            state = await StepAsync(world, state, operation);

        // In the end everything arrives, and then both services must agree.
        while (!state.UnderWay.IsEmpty)
            state = await StepAsync(world, state, new Deliver(0, Again: false));
        Rules.Unsettled(state).ShouldBeNull("in the end");
    }

    private static async Task<State> StepAsync(RealWorld world, State before, Operation operation)
    {
        var step = operation is Deliver deliver && !before.UnderWay.IsEmpty ? $"{deliver} of {Rules.MessageOf(before, deliver)}" : $"{operation}";
        var expected = Rules.Apply(before, operation);
        Rules.Broken(expected.State).ShouldBeNull("the model itself");

        (await world.ActAsync(before, operation)).ShouldBe(expected.Answer, step);
        (await world.ToldAsync()).ShouldBe(expected.Told ?? [], ignoreOrder: true, step);
        (await world.ReadAsync()).Lines().ShouldBe(expected.State.Lines(), ignoreOrder: true, step);
        return expected.State;
    }
}
