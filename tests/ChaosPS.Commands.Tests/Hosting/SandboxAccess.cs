using System.Reflection;
using ChaosPS.Tests;

namespace ChaosPS.Commands.Tests.Hosting;

/// <summary>The access control of a session's sandbox.</summary>
internal static class SandboxAccess
{
    /// <summary>Puts one before the sandbox in <c>$sandbox</c>.</summary>
    public static AccessControl PutBeforeSandbox(Engine engine)
    {
        var sandbox = engine.Invoke("$sandbox").Single().BaseObject;
        var handler = sandbox.GetType().GetField("<Handler>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var access = new AccessControl((HttpMessageHandler)handler.GetValue(sandbox)!, engine.Invoke("$sandbox.KubernetesUri.Host").Single().ToString());
        handler.SetValue(sandbox, access);
        return access;
    }
}
