using System.Collections.Immutable;

namespace Ticketing.Tests.Model;

/// <summary>
/// The way from a long sequence that fails to a short one: leave out ever smaller parts (delta debugging: A. Zeller and
/// R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002), then make the numbers in it smaller, until
/// neither leads any further.
/// </summary>
/// <param name="fails">Plays a sequence anew and tells whether it still fails.</param>
internal sealed class Shrinking(Func<ImmutableList<Operation>, Task<bool>> fails)
{
    public async Task<ImmutableList<Operation>> ShrinkAsync(ImmutableList<Operation> failing)
    {
        while (true)
        {
            var shorter = await SimplifyAsync(await LeaveOutAsync(failing));
            if (shorter.SequenceEqual(failing))
                return failing;
            failing = shorter;
        }
    }

    private async Task<ImmutableList<Operation>> LeaveOutAsync(ImmutableList<Operation> failing)
    {
        for (var size = Math.Max(failing.Count / 2, 1); size > 0; size /= 2)
        {
            var start = 0;
            while (start < failing.Count)
            {
                var candidate = failing.RemoveRange(start, Math.Min(size, failing.Count - start));
                if (candidate.Count > 0 && await fails(candidate))
                    failing = candidate;
                else
                    start += size;
            }
        }
        return failing;
    }

    private async Task<ImmutableList<Operation>> SimplifyAsync(ImmutableList<Operation> failing)
    {
        for (var index = 0; index < failing.Count; index++)
        {
            foreach (var simpler in Simpler(failing[index]))
            {
                var candidate = failing.SetItem(index, simpler);
                if (await fails(candidate))
                {
                    failing = candidate;
                    break;
                }
            }
        }
        return failing;
    }

    /// <summary>The same with smaller numbers, the simplest first.</summary>
    private static IEnumerable<Operation> Simpler(Operation operation) => operation switch
    {
        Offer offer => Below(offer.Quantity, 1).Select(quantity => offer with { Quantity = quantity, Price = 100 }),
        Edit edit => Below(edit.Listing).Select(pick => edit with { Listing = pick }),
        Withdraw withdraw => Below(withdraw.Listing).Select(pick => withdraw with { Listing = pick }),
        Reserve reserve => Below(reserve.Listing).Select(pick => reserve with { Listing = pick }),
        Cancel cancel => Below(cancel.Order).Select(pick => cancel with { Order = pick }),
        StartPayment start => Below(start.Order).Select(pick => start with { Order = pick }),
        Decline decline => Below(decline.Order).Select(pick => decline with { Order = pick }),
        Authorize authorize => Below(authorize.Order).Select(pick => authorize with { Order = pick }),
        FailCapture fail => Below(fail.Order).Select(pick => fail with { Order = pick }),
        NoteCapture note => Below(note.Order).Select(pick => note with { Order = pick }),
        TellExpired told => Below(told.Order).Select(pick => told with { Order = pick }),
        Deliver deliver => Below(deliver.Message).Select(pick => deliver with { Message = pick }),
        _ => [],
    };

    private static IEnumerable<int> Below(int number, int least = 0) =>
        Enumerable.Range(least, Math.Clamp(number - least, 0, 3));
}
