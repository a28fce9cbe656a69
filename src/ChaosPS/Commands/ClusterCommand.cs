using System.Management.Automation;
using System.Management.Automation.Host;
using ChaosPS.Clusters;
using ChaosPS.Errors;
using ChaosPS.Ports;
using ChaosPS.Safety;
using ChaosPS.Sessions;

namespace ChaosPS.Commands;

/// <summary>The base of the cmdlets that work on the cluster of the session.</summary>
public abstract class ClusterCommand : AsyncCommand
{
    private ChaosConnection? _connection;
    private ClusterIdentity? _identity;

    /// <summary>The session's connection. Looked for at the first record, since an earlier cmdlet of the pipeline may have made it.</summary>
    protected ChaosConnection Connection
    {
        get
        {
            if (_connection is not null) return _connection;
            try
            {
                _connection = Session.Current.Open();
            }
            catch (ChaosException exception)
            {
                ThrowTerminatingError(exception.ToErrorRecord()); // no record can succeed
                throw;
            }

            WarnOfUnfinishedRuns(_connection);
            return _connection;
        }
    }

    /// <summary>Runs <paramref name="work"/> on the connection, as a member of its clock.</summary>
    protected T Run<T>(Func<ChaosConnection, CommandSink, CancellationToken, Task<T>> work)
    {
        var connection = Connection;
        return Run(connection.Time, (sink, stop) => work(connection, sink, stop));
    }

    /// <summary>Runs work that has no result.</summary>
    protected void Run(Func<ChaosConnection, CommandSink, CancellationToken, Task> work)
    {
        var connection = Connection;
        Run(connection.Time, (sink, stop) => work(connection, sink, stop));
    }

    /// <summary>What may be hit: by the parameters of this call, the policy file upward from the current location, and the cluster itself.</summary>
    /// <param name="maxNodesDown">The value of <c>-MaxNodesDown</c>; null when the cmdlet was called without.</param>
    /// <param name="statePath">The value of <c>-StatePath</c>; null when the cmdlet was called without.</param>
    /// <exception cref="ChaosException">A policy cannot be read or followed.</exception>
    private protected BlastGate OpenGate(int? maxNodesDown, string? statePath)
    {
        var policies = Policies(SessionState.Path.CurrentFileSystemLocation.ProviderPath, maxNodesDown);
        var runs = new RunStore(ResolvePath(statePath));
        return Run((connection, _, stop) => BlastGate.OpenAsync(connection, policies, runs, stop));
    }

    /// <summary>What the parameters of this call and the policy file upward from a directory say about how much may be hit.</summary>
    private protected static IReadOnlyList<BlastPolicy> Policies(string directory, int? maxNodesDown)
    {
        var file = BlastPolicyReader.ReadUpwardFrom(directory, Composer.Composition.Documents);
        return maxNodesDown is { } most ? [new BlastPolicy { Source = "-MaxNodesDown", MaxNodesDown = most }, .. file] : file;
    }

    /// <summary>
    /// Asks whether a change may be made: <c>ShouldProcess</c>, and before the first change of a cluster that was not chosen but is only the
    /// kubeconfig's current one, <c>ShouldContinue</c> too.
    /// </summary>
    /// <param name="target">What would be changed, in full.</param>
    /// <param name="action">What would be done to it.</param>
    /// <param name="reason">Why not: WhatIf, or the user's no.</param>
    /// <exception cref="ChaosException">The host cannot ask: ids <c>CannotAsk</c>, <c>ImplicitContext</c>.</exception>
    private protected bool MayChange(string target, string action, out ShouldProcessReason reason)
    {
        var why = ShouldProcessReason.None;
        var may = Ask(
            () => ShouldProcess($"Performing the operation \"{action}\" on target \"{target}\".", verboseWarning: null, caption: null, out why),
            exception => ChaosErrors.CannotAsk(MyInvocation.MyCommand.Name, exception));
        reason = why;
        return may && MayChangeImplicitly();
    }

    /// <inheritdoc cref="MayChange(string, string, out ShouldProcessReason)"/>
    private protected bool MayChange(string target, string action) => MayChange(target, action, out _);

    private bool MayChangeImplicitly()
    {
        var session = Session.Current;
        var context = Connection.Name;
        if (session.Connection is not null || session.AllowedImplicitly == context) return true;
        var allowed = Ask(
            () => ShouldContinue(
                $"No cluster was chosen: '{context}' ({Connection.Server}) is the kubeconfig's current context. Change it, now and for the rest of this session?",
                "Not a chosen cluster"),
            exception => ChaosErrors.ImplicitContext(context, exception));
        if (allowed) session.AllowedImplicitly = context;
        return allowed;
    }

    /// <summary>Asks the user; what a host throws that cannot ask becomes <paramref name="cannot"/>.</summary>
    private protected static bool Ask(Func<bool> question, Func<Exception, ChaosException> cannot)
    {
        try
        {
            return question();
        }
        catch (Exception exception) when (
            exception is HostException or InvalidOperationException or NotImplementedException or NotSupportedException or NullReferenceException)
        {
            // Each of these is what some host throws that has nobody to ask; the last one pwsh itself, at the end of its standard input.
            throw cannot(exception);
        }
    }

    /// <summary>Refuses a record that was read from another cluster than the connection's.</summary>
    /// <param name="what">The record in words, such as <c>Node aks-…000000</c>.</param>
    /// <param name="cluster">Where it was read.</param>
    /// <exception cref="ChaosException">It was read from another cluster (id <c>OtherCluster</c>), or may have been (<c>ClusterUncertain</c>).</exception>
    protected void RequireSameCluster(string what, ClusterIdentity cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _identity ??= Run(static (connection, _, stop) => connection.Cluster.GetIdentityAsync(stop));
        if (cluster.Id != _identity.Id) throw ChaosErrors.OtherCluster(what, cluster.Name, _identity.Name);

        // A connection knows what it has read itself, whatever the address leads to next time.
        if (!_identity.IsCertain && !ReferenceEquals(cluster, _identity)) throw ChaosErrors.ClusterUncertain(what, _identity);
    }
}
